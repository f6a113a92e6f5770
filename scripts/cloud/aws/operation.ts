import type { DeploymentGroupInfo } from "@aws-sdk/client-codedeploy";
import type { z } from "zod";
import type { AlarmsPart } from "../alarms/part";
import type { AwsError } from "../aws-error";
import type { Clock } from "../clock";
import type { CodeDeployPart, CreateDeploymentInput } from "../codedeploy/part";
import type { EcsPart } from "../ecs/part";
import type { LoadBalancerPart } from "../load-balancer/part";
import type { MetricsPart } from "../metrics/part";
import type { CloudSettings } from "../settings";
import type { ImagesPart } from "../tasks/part";
import type { Template } from "../template";
import type { DeliveryRegistry } from "./codedeploy/registry";

/** The contracts of the rooms that the AWS endpoint serves. */
export interface CloudParts {
  readonly loadBalancer: LoadBalancerPart;
  readonly metrics: MetricsPart;
  readonly alarms: AlarmsPart;
  readonly images: ImagesPart;
  readonly ecs: EcsPart;
  readonly codeDeploy: CodeDeployPart;
}

/** What every operation of the whole local cloud is answered from. */
export interface AwsBackend {
  readonly template: Template;
  readonly clock: Clock;
  readonly parts: CloudParts;
  readonly settings: CloudSettings;
  /** CodeDeploy's applications, groups and configs. */
  readonly registry: DeliveryRegistry;
  /** Has deployments follow a changed group (codedeploy/registry-context.ts). */
  readonly adoptGroup: (group: DeploymentGroupInfo) => void;
  /** Simulated milliseconds since the Unix epoch: when everything in the template came to be. */
  readonly startedAt: number;
  /** What CreateDeployment asked for, by deployment id: GetDeployment repeats the overrides. */
  readonly requests: Map<string, CreateDeploymentInput>;
}

/** One thing wrong with an input. */
export interface InputProblem {
  /** Name of the top-level parameter, empty for the input as a whole. */
  readonly parameter: string;
  /** Where, e.g. `revision.appSpecContent`. */
  readonly path: string;
  readonly missing: boolean;
  /** What was wrong, in a sentence without the path. */
  readonly message: string;
}

/** The input does not have the operation's shape; each service has its own AWS error type for that. */
export class InputError extends Error {
  constructor(readonly problems: readonly [InputProblem, ...InputProblem[]]) {
    super(
      problems
        .map(({ path, missing, message }) => `${path || "input"}: ${missing ? "a value is required" : message}`)
        .join("; "),
    );
    this.name = "InputError";
  }
}

/** One operation of one service, answered from a `Context`: the whole local cloud, or as much of it as it needs. */
export interface Operation<Context = AwsBackend> {
  /** As AWS writes it, e.g. DescribeServices. */
  readonly name: string;
  /**
   * Answers one call. Dates in the answer are written as the protocol wants them, undefined members are left out.
   * @throws InputError, AwsError
   */
  readonly answer: (input: unknown, context: Context) => object;
}

/**
 * Makes an operation of what it is called, the shape of its input and what it does.
 * @param name as AWS writes it
 * @param shape the input's shape; unknown members are dropped, as AWS does
 */
export function operation<Shape extends z.ZodType, Context = AwsBackend>(
  name: string,
  shape: Shape,
  handle: (input: z.output<Shape>, context: Context) => object,
): Operation<Context> {
  return {
    name,
    answer: (input, context) => {
      const parsed = shape.safeParse(input);
      if (!parsed.success) throw new InputError(problemsOf(parsed.error, input));
      return handle(parsed.data, context);
    },
  };
}

function problemsOf(error: z.ZodError, input: unknown): [InputProblem, ...InputProblem[]] {
  const problems = error.issues.map((issue) => ({
    parameter: issue.path.length === 0 ? "" : String(issue.path[0]),
    path: issue.path.map(String).join("."),
    missing: valueAt(input, issue.path) === undefined,
    message: issue.message,
  }));
  const [first, ...rest] = problems;
  return [first ?? { parameter: "", path: "", missing: false, message: "not understood" }, ...rest];
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
    input,
  );
}

/** How requests and errors name an AWS service. */
export interface ServiceNames {
  /** As people call it, e.g. CodeDeploy. */
  readonly name: string;
  /** Before the dot of `x-amz-target`; also the service in the path of Smithy RPC. */
  readonly target: string;
  /** Service of the credential scope. */
  readonly signingName: string;
  /** `Version` of the Query protocol; absent: the service doesn't speak it. */
  readonly version?: string;
  /** Namespace of the Query protocol's answers. */
  readonly xmlNamespace?: string;
  /** The AWS error type for a wrong input. */
  inputErrorType(problem: InputProblem): string;
  /** Query error codes that are not simply the type without `Exception`. */
  readonly queryErrorCodes?: Readonly<Record<string, string>>;
}

/** One AWS service: how a request names it and what it serves. */
export interface Service<Context = AwsBackend> extends ServiceNames {
  readonly operations: readonly Operation<Context>[];
}

/** The error code that the Query protocol has for an error type. */
export function queryErrorCode(service: ServiceNames | undefined, type: AwsError["type"]): string {
  if (type === "UnknownOperationException") return "InvalidAction";
  return service?.queryErrorCodes?.[type] ?? type.replace(/Exception$/, "");
}
