import path from "node:path";
import { z } from "zod";
import type { FunctionTemplate } from "../template";
import { block, numeric, type Reader } from "./reader";

/** Lambda's default timeout (https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html). */
const DEFAULT_TIMEOUT_SECONDS = 3;

const functionSchema = z.object({
  function_name: z.string(),
  arn: z.string(),
  filename: z.string(),
  handler: z.string(),
  runtime: z.string().regex(/^nodejs/, "is no Node.js runtime, and the local cloud has no other"),
  timeout: numeric.default(DEFAULT_TIMEOUT_SECONDS),
  environment: block(z.object({ variables: z.record(z.string(), z.string()).default({}) })).default({ variables: {} }),
});

/** Reads the Lambda functions with their deployment packages. @throws TemplateError when one is not of a Node.js runtime */
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
