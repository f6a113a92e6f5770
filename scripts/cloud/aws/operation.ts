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
import type { CodeDeployRegistry } from "./codedeploy/registry";

/** The contracts of the rooms that the AWS endpoint serves. */
export interface CloudParts {
  readonly loadBalancer: LoadBalancerPart;
  readonly metrics: MetricsPart;
  readonly alarms: AlarmsPart;
  readonly images: ImagesPart;
  readonly ecs: EcsPart;
  readonly codeDeploy: CodeDeployPart;
}

/** The state of the local cloud that its operations read and change. */
export interface AwsBackend {
  readonly template: Template;
  readonly clock: Clock;
  readonly parts: CloudParts;
  readonly settings: CloudSettings;
  /** CodeDeploy's applications, groups and configs. */
  readonly registry: CodeDeployRegistry;
  /** Applies a changed group to the deployments that are created from now on: see RegistryContext. */
  readonly applyGroup: (group: DeploymentGroupInfo) => void;
  /** Creation time of everything in the template, in simulated milliseconds since the Unix epoch. */
  readonly startedAt: number;
  /** Inputs of CreateDeployment by deployment id. GetDeployment returns their overrides. */
  readonly requests: Map<string, CreateDeploymentInput>;
}

/** One problem of an input. */
export interface InputProblem {
  /** Name of the top-level parameter; empty for the input as a whole. */
  readonly parameter: string;
  /** Path of the member, e.g. `revision.appSpecContent`. */
  readonly path: string;
  readonly missing: boolean;
  /** The problem, without the path. */
  readonly message: string;
}

/** The input does not have the operation's shape. The service chooses the AWS error type. */
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

/** One operation of an AWS service. `Context` is the state that it reads and changes. */
export interface Operation<Context = AwsBackend> {
  /** The name in AWS's API, e.g. DescribeServices. */
  readonly name: string;
  /**
   * Runs one call and gives the output. The protocol writes its Dates and leaves out undefined members.
   * @throws InputError, AwsError
   */
  readonly answer: (input: unknown, context: Context) => object;
}

/**
 * Creates an operation.
 * @param name the name in AWS's API
 * @param shape the shape of the input; it drops unknown members, as AWS does
 * @param handle gets the parsed input, gives the output
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
  return [first ?? { parameter: "", path: "", missing: false, message: "is not valid" }, ...rest];
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
    input,
  );
}

/** The names of an AWS service and of its errors in the wire protocols. */
export interface ServiceNames {
  /** For messages, e.g. CodeDeploy. */
  readonly name: string;
  /** The part of `x-amz-target` before the dot; also the service in the path of Smithy RPC. */
  readonly target: string;
  /** The service in the credential scope of a signature. */
  readonly signingName: string;
  /** `Version` of the Query protocol. Absent: the service does not speak it. */
  readonly version?: string;
  /** XML namespace of the Query protocol's responses. */
  readonly xmlNamespace?: string;
  /** The AWS error type for an input that does not have the operation's shape. */
  inputErrorType(problem: InputProblem): string;
  /** Error codes of the Query protocol by error type; default: the type without `Exception`. */
  readonly queryErrorCodes?: Readonly<Record<string, string>>;
}

/** One AWS service with the operations that are served. */
export interface Service<Context = AwsBackend> extends ServiceNames {
  readonly operations: readonly Operation<Context>[];
}

/** The Query protocol's error code for an error type. */
export function queryErrorCode(service: ServiceNames | undefined, type: AwsError["type"]): string {
  if (type === "UnknownOperationException") return "InvalidAction";
  return service?.queryErrorCodes?.[type] ?? type.replace(/Exception$/, "");
}
