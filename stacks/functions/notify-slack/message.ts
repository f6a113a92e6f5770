/** The used fields of a message from SNS. */
export interface TopicMessage {
  readonly Subject?: string | null;
  readonly Message: string;
}

/**
 * The text of a message in Slack. Messages of alarms and of CodeDeploy are JSON and become a sentence. Others stay unchanged. Pure.
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

/** The text fields of a JSON object; empty when it is not an object. */
function fields(json: string): Partial<Record<string, string>> {
  const value = parsed(json);
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([, field]) => typeof field === "string"));
}

/** Removes the quotes of a JSON string: EventBridge sends its sentence as one. */
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

/** Slack treats these three characters as markup (https://docs.slack.dev/messaging/formatting-message-text). */
function escaped(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
