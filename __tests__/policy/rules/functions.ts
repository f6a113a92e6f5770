import { at, type Block } from "../estate";
import { adding, every, none, set, type Rule } from "../rule";
import { isSecret } from "./service";

const LAMBDA = "aws_lambda_function";
/** Node.js versions that Lambda supports beyond 2026. */
const RUNTIMES = ["nodejs22.x", "nodejs24.x"];
const LONGEST_TIMEOUT_SECONDS = 300;

/** Rules for the functions: the probe of a new version, and the notifier of Slack. */
export const FUNCTION_RULES: readonly Rule[] = [
  {
    id: "function-ends",
    title: "A function has a timeout",
    scanners: [],
    check: every(
      LAMBDA,
      (block) => Number(block["timeout"]) > 0 && Number(block["timeout"]) <= LONGEST_TIMEOUT_SECONDS,
    ),
    breach: set(LAMBDA, "timeout", 900),
  },
  {
    id: "function-runtime",
    title: "A function's runtime is supported",
    scanners: ["CKV_AWS_363"],
    check: every(LAMBDA, (block) => RUNTIMES.includes(String(block["runtime"]))),
    breach: set(LAMBDA, "runtime", "nodejs16.x"),
  },
  {
    id: "function-concurrency",
    title: "A function has reserved concurrency",
    scanners: ["CKV_AWS_115"],
    check: every(LAMBDA, (block) => Number(block["reserved_concurrent_executions"]) > 0),
    breach: set(LAMBDA, "reserved_concurrent_executions", -1),
  },
  {
    id: "function-logs-are-its-own",
    title: "A function's log group is created with its retention before the function",
    scanners: [],
    check: every(LAMBDA, (block, estate) =>
      estate
        .all("aws_cloudwatch_log_group")
        .some(({ block: logs }) => logs["name"] === `/aws/lambda/${String(block["function_name"])}`),
    ),
    breach: set(LAMBDA, "function_name", "another"),
  },
  {
    id: "function-no-plain-secrets",
    title: "A function's environment contains no secret",
    scanners: ["CKV_AWS_45"],
    check: every(LAMBDA, (block) =>
      Object.entries((at(block, "environment.variables") ?? {}) as Block).every(
        ([name, value]) => !isSecret(name, String(value)),
      ),
    ),
    breach: set(LAMBDA, "environment", { variables: { AWS_KEY: "AKIAIOSFODNN7EXAMPLE" } }),
  },
  {
    id: "function-environment-customer-key",
    title: "A function's environment is encrypted with a customer-managed key",
    scanners: ["CKV_AWS_173"],
    check: every(LAMBDA, (block) => block["environment"] === undefined || block["kms_key_arn"] !== undefined),
    breach: adding(LAMBDA, { environment: { variables: {} } }),
  },
  {
    id: "function-dead-letters",
    title: "Events that a function fails to process are kept",
    scanners: ["CKV_AWS_116"],
    check: every(LAMBDA, (block) => block["dead_letter_config"] !== undefined),
    breach: adding(LAMBDA, { function_name: "another" }),
  },
  {
    id: "function-in-vpc",
    title: "A function runs in the VPC",
    scanners: ["CKV_AWS_117"],
    check: every(LAMBDA, (block) => block["vpc_config"] !== undefined),
    breach: set(LAMBDA, "vpc_config", undefined, "hook"),
  },
  {
    id: "function-traced",
    title: "A function is traced with X-Ray",
    scanners: ["CKV_AWS_50"],
    check: every(LAMBDA, (block) => block["tracing_config"] !== undefined),
    breach: adding(LAMBDA, { function_name: "another" }),
  },
  {
    id: "function-code-signed",
    title: "A function's code is signed",
    scanners: ["CKV_AWS_272"],
    check: every(LAMBDA, (block) => block["code_signing_config_arn"] !== undefined),
    breach: adding(LAMBDA, { function_name: "another" }),
  },
  {
    id: "function-called-by-one",
    title: "A service can call a function only for a named resource",
    scanners: ["CKV_AWS_364", "AVD-AWS-0067"],
    check: every("aws_lambda_permission", (block) => block["source_arn"] !== undefined),
    breach: set("aws_lambda_permission", "source_arn", undefined),
  },
  {
    id: "function-not-public",
    title: "No function has a URL or a public permission",
    scanners: ["CKV_AWS_301"],
    check: (estate) => [
      ...none("aws_lambda_function_url")(estate),
      ...every("aws_lambda_permission", (block) => block["principal"] !== "*")(estate),
    ],
    breach: adding("aws_lambda_function_url", { authorization_type: "NONE" }),
  },
];
