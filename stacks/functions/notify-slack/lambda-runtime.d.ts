/** The used part of an SDK client that Lambda's Node runtime contains. It is not installed here. */
declare module "@aws-sdk/client-ssm" {
  export class GetParameterCommand {
    constructor(input: { readonly Name: string | undefined; readonly WithDecryption: boolean });
  }
  export class SSMClient {
    constructor(config: Record<string, never>);
    send(command: GetParameterCommand): Promise<{ readonly Parameter?: { readonly Value?: string } }>;
  }
}
