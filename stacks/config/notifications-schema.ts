import { flag, listOfUnique, object, text } from "./rules";

/**
 * Names that no parameter may have (https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html). SSM
 * uses such a name for a secret, which is allowed here
 * (https://docs.aws.amazon.com/systems-manager/latest/userguide/integration-ps-secretsmanager.html).
 */
const RESERVED = /^\/(?!aws\/reference\/secretsmanager\/)(aws|ssm)/i;

/** `notifications` in the configuration: who is notified of deployments and alarms. */
export const notificationsSchema = object({
  /**
   * An SNS topic that gets every state change of a deployment and of an alarm. Its KMS key costs about 1 USD a month (nothing
   * with a key of `encryption`): alarms and events can't use AWS's own key for SNS. Without the topic, nobody is notified of a
   * rollback.
   */
  enabled: flag,
  /** Email addresses that get each message, after they have confirmed. They are readable in the state and in the plan. */
  emails: listOfUnique(
    text("an email address", (value) => /^[^\s@$%{}]+@[^\s@$%{}]+\.[^\s@$%{}]+$/.test(value)),
    0,
    "a list of email addresses",
  ),
  /**
   * SSM parameter (SecureString) with the URL of a Slack webhook, such as `/orders/slack-webhook`; or a secret of Secrets
   * Manager under its name in SSM, `/aws/reference/secretsmanager/<name>`. Everybody who knows the URL can post. Only the function
   * that posts reads it, so the URL is never in the configuration, the state or the plan. Encrypt it with AWS's own key for SSM or
   * Secrets Manager: the function has no permission for other keys.
   */
  slackWebhookParameter: text(
    "an SSM parameter's name that starts with /, such as /orders/slack-webhook, but not with /aws or /ssm",
    (value) => /^(\/[\w.-]+){1,15}$/.test(value) && value.length <= 512 && !RESERVED.test(value),
  ).optional(),
});

/** `dashboard` in the configuration. */
export const dashboardSchema = object({
  /** A CloudWatch dashboard of target groups, alarms and service. An account's first three are free, others 3 USD a month. */
  enabled: flag,
});
