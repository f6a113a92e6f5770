import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { slackText, type TopicMessage } from "./message";

/** Timeout of a request to Slack, in milliseconds. */
const TIMEOUT_MS = 10_000;

/**
 * Posts each message of the topic to Slack. Environment: WEBHOOK_PARAMETER, the SSM parameter with the webhook's URL.
 * @throws Error when Slack refuses a message, so that SNS retries
 */
export async function handler(event: { readonly Records: readonly { readonly Sns: TopicMessage }[] }): Promise<void> {
  const Name = process.env["WEBHOOK_PARAMETER"];
  const { Parameter } = await new SSMClient({}).send(new GetParameterCommand({ Name, WithDecryption: true }));
  if (!Parameter?.Value) throw new Error(`the parameter ${Name} is empty: put the Slack webhook's URL there`);
  for (const { Sns } of event.Records) {
    const response = await fetch(Parameter.Value, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text: slackText(Sns) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`Slack answered ${response.status}: ${await response.text()}`);
  }
}
