import { computedAttribute, fakeHex } from "./computed";
import { TemplateError } from "./error";
import { type Expression, ExpressionSyntaxError, parseTemplate } from "./expression";
import type { Block, Stack } from "./stacks";

/** How CDKTF names the remote state of another stack. */
const REMOTE_STATE_PREFIX = "cross-stack-reference-input-";

/** The place of an expression, for error messages. */
interface Place {
  readonly stack: Stack;
  /** e.g. `aws_lb_listener.production` or `output.url`. */
  readonly address: string;
  /** e.g. `default_action[0].target_group_arn`. */
  readonly attribute: string;
}

/**
 * Resolves the expressions of a set of stacks. It resolves an attribute when it is read, so an unsupported expression in an
 * attribute that the local cloud ignores is no error.
 */
export class Resolver {
  /** The attributes that are being resolved, outermost first. A second visit of one is a circular reference. */
  private readonly resolving = new Set<string>();

  constructor(
    private readonly stacks: readonly Stack[],
    private readonly accountId: string,
  ) {}

  /**
   * An attribute of a resource with its expressions resolved; undefined when it is neither set nor computed.
   * @param address `type.name`
   * @throws TemplateError naming stack, address and attribute when an expression in it cannot be resolved
   */
  attribute(stack: Stack, address: string, attribute: string): unknown {
    const [type = "", name = ""] = address.split(".");
    const block = stack.resources[type]?.[name];
    if (!block) throw new TemplateError(`${stack.name}: there is no ${address}`);
    return this.attributeOf(stack, type, name, block, attribute);
  }

  /** Region of the stack's AWS provider. @throws TemplateError when it has none */
  region(stack: Stack): string {
    const place = { stack, address: "provider.aws", attribute: "region" };
    const region = stack.region === undefined ? undefined : this.value(stack.region, place);
    if (typeof region !== "string")
      throw new TemplateError(`${stack.name}: provider.aws has no region, so ARNs cannot be made`);
    return region;
  }

  private attributeOf(stack: Stack, type: string, name: string, block: Block, attribute: string): unknown {
    const address = `${type}.${name}`;
    return this.withoutCycle(`${stack.name}: ${address}.${attribute}`, () => {
      if (Object.hasOwn(block, attribute)) return this.value(block[attribute], { stack, address, attribute });
      const compute = computedAttribute(type, attribute);
      return compute?.({
        accountId: this.accountId,
        region: this.region(stack),
        text: (other) => this.text(stack, type, name, block, other),
        maybe: (other) => this.attributeOf(stack, type, name, block, other),
        hex: (length) => fakeHex(`${stack.name}/${address}`, length),
      });
    });
  }

  private text(stack: Stack, type: string, name: string, block: Block, attribute: string): string {
    const value = this.attributeOf(stack, type, name, block, attribute);
    if (typeof value === "string") return value;
    throw new TemplateError(
      `${stack.name}: ${type}.${name} needs ${attribute} as a string, because other attributes are made of it`,
    );
  }

  private value(value: unknown, place: Place): unknown {
    if (typeof value === "string") return this.string(value, place);
    if (Array.isArray(value))
      return value.map((item, index) => this.value(item, inside(place, `${place.attribute}[${index}]`)));
    if (value !== null && typeof value === "object")
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, this.value(item, inside(place, `${place.attribute}.${key}`))]),
      );
    return value;
  }

  private string(text: string, place: Place): unknown {
    if (!/[$%]\{/.test(text)) return text;
    let expression: Expression;
    try {
      expression = parseTemplate(text);
    } catch (error) {
      if (!(error instanceof ExpressionSyntaxError)) throw error;
      throw unresolved(place, text, error.message);
    }
    return this.evaluate(expression, place, text);
  }

  private evaluate(expression: Expression, place: Place, text: string): unknown {
    switch (expression.kind) {
      case "literal":
        return expression.value;
      case "list":
        return expression.items.map((item) => this.evaluate(item, place, text));
      case "object":
        return Object.fromEntries(
          expression.entries.map(([key, item]) => [
            String(this.evaluate(key, place, text)),
            this.evaluate(item, place, text),
          ]),
        );
      case "template":
        return expression.parts
          .map((part) => {
            const value = this.evaluate(part, place, text);
            if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean")
              throw unresolved(place, text, "a part of the string is not a string, number or boolean");
            return String(value);
          })
          .join("");
      case "call": {
        const { name, args } = expression;
        const [argument, ...others] = args;
        if ((name !== "jsonencode" && name !== "lower") || !argument || others.length > 0)
          throw unresolved(place, text, `the function ${name} is not supported (only jsonencode and lower are)`);
        const value = this.evaluate(argument, place, text);
        if (name === "jsonencode") return JSON.stringify(value);
        if (typeof value !== "string") throw unresolved(place, text, "the argument of lower is not a string");
        return value.toLowerCase();
      }
      case "reference":
        return this.reference(expression.path, place, text);
    }
  }

  private reference(path: readonly (string | number)[], place: Place, text: string): unknown {
    const fail = (why: string) => unresolved(place, text, why);
    if (path.join(".") === "terraform.workspace") return "default";
    const isData = path[0] === "data";
    const [type, name, attribute, ...rest] = isData ? path.slice(1) : path;
    if (typeof type !== "string" || typeof name !== "string" || typeof attribute !== "string")
      throw fail("it is not a reference to an attribute of a resource or data source");
    if (isData && type === "terraform_remote_state") return this.remoteState(name, [attribute, ...rest], fail);
    const block = (isData ? place.stack.data : place.stack.resources)[type]?.[name];
    const kind = isData ? `data.${type}` : type;
    if (!block) throw fail(`the stack has no ${kind}.${name}`);
    const value = this.attributeOf(place.stack, kind, name, block, attribute);
    if (value === undefined)
      throw fail(
        `${kind}.${name} does not set ${attribute}, and what AWS would answer is unknown ` +
          `(add it to scripts/cloud/loader/computed.ts)`,
      );
    return walk(value, rest, fail);
  }

  private remoteState(id: string, path: readonly (string | number)[], fail: (why: string) => TemplateError): unknown {
    const [outputs, output, ...rest] = path;
    const stack = this.stacks.find(({ name }) => id === `${REMOTE_STATE_PREFIX}${name}`);
    if (!stack) throw fail(`no synthesized stack is the remote state ${id}`);
    if (outputs !== "outputs" || typeof output !== "string") throw fail("only outputs of a remote state can be read");
    const block = stack.outputs[output];
    if (!block) throw fail(`the stack ${stack.name} has no output ${output}`);
    const value = this.withoutCycle(`${stack.name}: output.${output}`, () =>
      this.value(block.value, { stack, address: `output.${output}`, attribute: "value" }),
    );
    return walk(value, rest, fail);
  }

  private withoutCycle(what: string, resolve: () => unknown): unknown {
    if (this.resolving.has(what))
      throw new TemplateError(`${what} refers to itself: ${[...this.resolving].join(" → ")}`);
    this.resolving.add(what);
    try {
      return resolve();
    } finally {
      this.resolving.delete(what);
    }
  }
}

function inside(place: Place, attribute: string): Place {
  return { ...place, attribute };
}

function walk(value: unknown, path: readonly (string | number)[], fail: (why: string) => TemplateError): unknown {
  let current = value;
  for (const key of path) {
    const next: unknown =
      current !== null && typeof current === "object" && Object.hasOwn(current, key)
        ? (current as Readonly<Record<string | number, unknown>>)[key]
        : undefined;
    if (next === undefined) throw fail(`there is nothing at ${JSON.stringify(key)}`);
    current = next;
  }
  return current;
}

function unresolved(place: Place, text: string, why: string): TemplateError {
  const shown = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  return new TemplateError(
    `${place.stack.name}: ${place.address}: ${place.attribute}: cannot resolve ${shown}: ${why}`,
  );
}
