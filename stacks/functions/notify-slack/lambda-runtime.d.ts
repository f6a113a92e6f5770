/** What is used of a client that Lambda's Node runtime brings along; nothing here ever calls it. */
declare module "@aws-sdk/client-ssm" {
  export class GetParameterCommand {
    constructor(input: { readonly Name: string | undefined; readonly WithDecryption: boolean });
  }
  export class SSMClient {
    constructor(config: Record<string, never>);
    send(command: GetParameterCommand): Promise<{ readonly Parameter?: { readonly Value?: string } }>;
  }
}
