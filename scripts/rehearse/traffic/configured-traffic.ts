import { randomUUID } from "node:crypto";
import type { Config } from "../../../stacks/config";
import {
  fieldOf,
  filledRequest,
  isExpectedStatus,
  partsOf,
  referencesIn,
} from "../../../stacks/config/request-templates";
import { jsonOrUndefined } from "../../command/json-text";
import type { PlannedRequest, Traffic, TrafficAnswer, TrafficJudgement } from "../traffic-module";

/** A request of `rehearsal.requests`. */
export type ConfiguredRequest = NonNullable<Config["rehearsal"]["requests"]>[number];

interface Prepared extends ConfiguredRequest {
  readonly name: string;
  readonly weight: number;
  /** References to fields of answers, e.g. `create.id`. */
  readonly references: readonly string[];
}

/**
 * Creates the traffic of a list of requests. Each request is drawn by its weight, from those whose references have values:
 * the fields of the newest good answer of the request that they name.
 * @param requests as the configuration's checks accept them: a request refers only to earlier ones
 * @param random returns numbers in [0, 1)
 */
export function configuredTraffic(
  requests: readonly ConfiguredRequest[],
  random: () => number,
): Required<Pick<Traffic, "next">> & Pick<Traffic, "warmUp"> & { unsent(): readonly string[] } {
  const prepared = requests.map(prepare);
  /** The JSON of the newest good answer, by the name of its request. */
  const answers = new Map<string, unknown>();
  let counter = 0;
  const valueOf = (reference: string) => {
    const value = fieldOf(answers.get(partsOf(reference).request), reference);
    return isUsable(value) ? value : undefined;
  };
  const missing = ({ references }: Prepared) => references.filter((reference) => valueOf(reference) === undefined);
  const plan = (chosen: Prepared): PlannedRequest => {
    counter += 1;
    const own: Readonly<Record<string, unknown>> = { counter, uuid: randomUUID() };
    const values = (reference: string) => own[reference] ?? valueOf(reference);
    return {
      request: { name: chosen.name, method: chosen.method, ...filledRequest(chosen, values) },
      judge: (answer) => {
        const judgement = judge(chosen, answer);
        if (judgement.kind === "ok" && answer.kind === "response") remember(chosen.name, answer.body);
        return judgement;
      },
    };
  };
  const remember = (name: string, body: string) => {
    const parsed = jsonOrUndefined(body);
    if (parsed !== undefined) answers.set(name, parsed);
  };
  const readOnly = prepared.find(
    ({ method, references }) => (method === "GET" || method === "HEAD") && references.length === 0,
  );
  return {
    next: () =>
      plan(
        draw(
          prepared.filter((request) => missing(request).length === 0),
          random(),
        ),
      ),
    ...(readOnly && { warmUp: () => plan(readOnly).request }),
    unsent: () =>
      prepared.flatMap((request) => {
        const fields = missing(request).map((reference) => `\${${reference}}`);
        return fields.length === 0 ? [] : [`${request.name}: no good answer had a value for ${fields.join(", ")}`];
      }),
  };
}

function prepare(request: ConfiguredRequest): Prepared {
  const { name = `${request.method} ${request.path}`, weight = 1, path, headers, body } = request;
  const references = textsIn([path, headers, body])
    .flatMap(referencesIn)
    .filter((reference) => reference.includes("."));
  return { ...request, name, weight, references: [...new Set(references)] };
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** Draws a request by weight. The first configured request refers to no other one, so there always is one to draw from. */
function draw(requests: readonly Prepared[], random: number): Prepared {
  let rest = random * requests.reduce((sum, { weight }) => sum + weight, 0);
  for (const request of requests) {
    rest -= request.weight;
    if (rest < 0) return request;
  }
  const last = requests.at(-1);
  if (!last) throw new Error("every request of rehearsal.requests needs the answer of another one");
  return last;
}

function judge({ name, expect }: Prepared, answer: TrafficAnswer): TrafficJudgement {
  if (answer.kind === "broken") return { kind: "failed", reason: answer.reason };
  const { status } = answer;
  return isExpectedStatus(status, expect) ? { kind: "ok" } : { kind: "failed", reason: `${name}: status ${status}` };
}

/** Whether a value can stand in a path, a header or a body. */
function isUsable(value: unknown): value is string | number | boolean {
  return (typeof value === "string" && value !== "") || typeof value === "number" || typeof value === "boolean";
}
