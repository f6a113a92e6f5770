/** What the topic hands over, as far as it is read. */
export interface TopicMessage {
  readonly Subject?: string | null;
  readonly Message: string;
}

/**
 * What a message says in Slack: an alarm's and CodeDeploy's own are JSON and get a sentence, anything else stays as it
 * is. Pure.
 */
export function slackText({ Subject, Message }: TopicMessage): string {
  const message = fields(Message);
  const { AlarmName, NewStateValue, NewStateReason, eventTriggerName, deploymentId } = message;
  if (AlarmName !== undefined && NewStateValue !== undefined) {
    return escaped(
      `${NewStateValue === "ALARM" ? "🔴" : "🟢"} ${AlarmName}: ${NewStateValue}. ${NewStateReason ?? ""}`,
    );
  }
  if (eventTriggerName !== undefined && deploymentId !== undefined) {
    return escaped(`↩️ ${eventTriggerName}: ${deploymentId}`);
  }
  return escaped(Subject ? `${Subject}\n${text(Message)}` : text(Message));
}

/** The texts of a JSON object by key; none when it is no object. */
function fields(json: string): Partial<Record<string, string>> {
  const value = parsed(json);
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([, field]) => typeof field === "string"));
}

/** EventBridge hands a sentence over as JSON, in quotes. */
function text(message: string): string {
  const value = parsed(message);
  return typeof value === "string" ? value : message;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** Slack reads these three as markup. */
function escaped(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
