/** The part of a command of the AWS SDK that shows its types. */
interface Command<Input, Output> {
  readonly input: Input;
  resolveMiddleware(...args: never): (...args: never) => Promise<{ readonly output: Output }>;
}

/** An operation of AWS: its input and output, from the SDK's class for its command. */
export type CallOf<CommandClass> = CommandClass extends abstract new (
  ...input: never
) => Command<infer Input, infer Output>
  ? (input: Input) => Promise<Omit<Output, "$metadata">>
  : never;

/** A client of the SDK, whatever its service. */
export interface AwsClient {
  send(command: object, options?: { readonly abortSignal: AbortSignal }): Promise<object>;
}

/**
 * The function that calls an operation of AWS.
 * @param sdk the SDK's package for the service
 * @param operation as AWS's API names it, e.g. DescribeServices
 * @param signal ends the call
 * @throws Error when the package has no such operation
 */
export function callOf(
  sdk: object,
  client: AwsClient,
  operation: string,
  signal?: AbortSignal,
): (input: object) => Promise<object> {
  const commands = sdk as Readonly<Record<string, new (input: object) => object>>;
  const Command = commands[`${operation}Command`];
  if (Command === undefined) throw new Error(`The AWS SDK has no ${operation}`);
  return (input) => client.send(new Command(input), signal && { abortSignal: signal });
}
