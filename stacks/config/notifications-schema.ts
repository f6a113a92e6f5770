import { flag, listOfUnique, object, text } from "./rules";

/**
 * Nobody may call a parameter so (https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html), but
 * SSM itself calls secrets by such names.
 */
const RESERVED = /^\/(?!aws\/reference\/secretsmanager\/)(aws|ssm)/i;

/** `notifications` in the configuration: who hears of deployments and alarms. */
export const notificationsSchema = object({
  /**
   * An SNS topic that gets every change of a deployment's state and every change of an alarm. Costs about 1 USD a month
   * for the key that encrypts it (none with a key of `encryption`), since AWS's own key for SNS is closed to alarms and
   * events. Without it, a rollback in the night is found in the morning.
   */
  enabled: flag,
  /** Addresses that get each of them; SNS asks every one to confirm first. They stand in the state and in the plan. */
  emails: listOfUnique(
    text("an email address", (value) => /^[^\s@$%{}]+@[^\s@$%{}]+\.[^\s@$%{}]+$/.test(value)),
    0,
    "a list of email addresses",
  ),
  /**
   * SSM parameter (SecureString) with the URL of a Slack webhook, e.g. `/tasks-api/slack-webhook`, or a secret of
   * Secrets Manager as SSM knows it: `/aws/reference/secretsmanager/<name>`. Only the function that posts reads it: the
   * URL never is in the configuration, the state or the plan. Whoever knows the URL can post. Encrypted with the key that
   * AWS keeps for SSM or Secrets Manager: the function has no rights to a key of your own.
   */
  slackWebhookParameter: text(
    "an SSM parameter's name that starts with /, such as /tasks-api/slack-webhook, and not with aws or ssm after it",
    (value) => /^(\/[\w.-]+){1,15}$/.test(value) && value.length <= 512 && !RESERVED.test(value),
  ).optional(),
});

/** `dashboard` in the configuration. */
export const dashboardSchema = object({
  /** A CloudWatch dashboard of both target groups, the alarms and the service: 3 USD a month beyond an account's first three. */
  enabled: flag,
});
