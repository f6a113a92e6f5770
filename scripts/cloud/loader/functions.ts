import path from "node:path";
import { z } from "zod";
import type { FunctionTemplate } from "../template";
import { block, numeric, type Reader } from "./reader";

/** Seconds; Lambda's own default. */
const DEFAULT_TIMEOUT_SECONDS = 3;

const functionSchema = z.object({
  function_name: z.string(),
  arn: z.string(),
  filename: z.string(),
  handler: z.string(),
  runtime: z.string().regex(/^nodejs/, "is no Node runtime, and the local cloud has no other"),
  timeout: numeric.default(DEFAULT_TIMEOUT_SECONDS),
  environment: block(z.object({ variables: z.record(z.string(), z.string()).default({}) })).default({ variables: {} }),
});

/**
 * The Lambda functions, with their packages as synthesized.
 * @throws TemplateError
 */
export function readFunctions(reader: Reader): FunctionTemplate[] {
  return reader.all("aws_lambda_function", functionSchema).map(({ stack, value }) => ({
    name: value.function_name,
    arn: value.arn,
    packageFile: path.resolve(stack.folder, value.filename),
    handler: value.handler,
    timeoutSeconds: value.timeout,
    environment: value.environment.variables,
  }));
}
