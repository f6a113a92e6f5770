import { at, list, type Block, type Estate, type Resource } from "./estate";

/** A requirement for the infrastructure. */
export interface Rule {
  readonly id: string;
  /** The requirement as a sentence. */
  readonly title: string;
  /** Ids of Checkov (`CKV…`) and Trivy or tfsec (`AVD-AWS-…`) with the same or a similar requirement; empty when there is none. */
  readonly scanners: readonly string[];
  /** Gives the paths of the constructs that break the rule. */
  readonly check: Check;
  /** Changes the estate so that it breaks the rule, to prove that the check works. With several, each one must break it. */
  readonly breach: Change | readonly Change[];
}

/** Paths of the constructs that break a rule. */
export type Check = (estate: Estate) => readonly string[];
export type Change = (estate: Estate) => void;

/** Checks that `holds` is true for every resource of the type. */
export function every(type: string, holds: (block: Block, estate: Estate, resource: Resource) => boolean): Check {
  return (estate) =>
    estate
      .all(type)
      .filter((resource) => !holds(resource.block, estate, resource))
      .map(({ path }) => path);
}

/** Checks that there is no resource of the type. */
export function none(...types: readonly string[]): Check {
  return (estate) => types.flatMap((type) => estate.all(type)).map(({ path }) => path);
}

/** Checks that every resource of `type` has a `companion` that refers to it and for which `holds` is true. */
export function accompanied(type: string, companion: string, holds: (block: Block) => boolean = () => true): Check {
  return every(type, (_, estate, resource) =>
    estate.referrers(resource).some((other) => other.type === companion && holds(other.block)),
  );
}

/** Makes several changes, one after the other. */
export function all(...changes: readonly Change[]): Change {
  return (estate) => changes.forEach((change) => change(estate));
}

/** Sets a value in the first resource of a type, or in the first whose path contains `where`. */
export function set(type: string, path: string, value: unknown, where = ""): Change {
  return (estate) => {
    const keys = path.split(".");
    const last = keys.pop();
    const block = find(estate, type, where);
    const holder = keys.length === 0 ? block : at(block, keys.join("."));
    const object = (Array.isArray(holder) ? holder[0] : holder) as Block | undefined;
    if (!object || last === undefined) throw new Error(`no ${path} in ${type}: change what is there`);
    object[last] = value;
  };
}

/** Removes all resources of a type. */
export function without(type: string): Change {
  return (estate) => {
    find(estate, type, "");
    for (const stack of Object.values(estate.stacks)) if (stack.resource) Reflect.deleteProperty(stack.resource, type);
  };
}

/** Adds a resource to the service's stack. */
export function adding(type: string, block: Block): Change {
  return ({ stacks }) => {
    const resources = stacks["service"]?.resource ?? {};
    resources[type] = { ...resources[type], added: block };
  };
}

/** Changes JSON text in an attribute, such as a policy. */
export function json(type: string, attribute: string, change: (document: Block) => void, where = ""): Change {
  return (estate) => {
    const block = find(estate, type, where);
    const document = JSON.parse(String(block[attribute])) as Block;
    change(document);
    block[attribute] = JSON.stringify(document);
  };
}

/** Adds a statement to a policy. */
export function statement(type: string, attribute: string, added: Block, where = ""): Change {
  return json(type, attribute, (document) => list(document["Statement"]).push(added), where);
}

function find(estate: Estate, type: string, where: string): Block {
  const found = estate.all(type).find(({ path }) => path.includes(where));
  if (!found) throw new Error(`no ${type} in ${where || "any stack"}: a breach needs one`);
  return found.block;
}
