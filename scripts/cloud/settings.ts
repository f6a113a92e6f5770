/**
 * Facts about AWS that its documentation leaves open, as settings. Times are simulated seconds unless a unit is named.
 */
export interface CloudSettings {
  /** From the end of a minute until its data of an ALB metric is visible. Recorded from AWS: 92. */
  readonly metricDelaySeconds: number;
  /** How often CodeDeploy reads the alarms of a running deployment. Not documented by AWS. */
  readonly alarmPollSeconds: number;
  /** From the creation of a task to the start of its container: image pull and network interface on Fargate. */
  readonly provisioningSeconds: number;
  /** From a container's exit until ECS notices it and deregisters the target. */
  readonly stoppedTaskDetectionSeconds: number;
  /**
   * From the time at which a target becomes unhealthy until ECS stops its task. Not documented by AWS; long enough that
   * UnHealthyHostCount shows the target, as in AWS.
   */
  readonly unhealthyStopSeconds: number;
  /**
   * Whether ECS's event about draining connections precedes the one about deregistered targets. Recorded from AWS in
   * both orders, milliseconds apart: draining first in 2018 and 2023
   * (https://github.com/hackforla/CivicTechJobs/issues/436), deregistered first in several records of 2020 to 2026.
   */
  readonly drainingEventFirst: boolean;
  /**
   * Versions of an appspec that CodeDeploy accepts. Only 0.0 is documented
   * (https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure.html). AWS accepts 1 as
   * well: CircleCI's aws-ecs-orb uses it and tests it on AWS (https://github.com/CircleCI-Public/aws-ecs-orb/issues/34;
   * also https://github.com/aws/aws-cli/issues/4256).
   */
  readonly appSpecVersions: readonly number[];
  /**
   * Whether CodeDeploy accepts the older revision type String for ECS. The API reference has it for Lambda only
   * (https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_RevisionLocation.html), but a user's report shows
   * it with an ECS application (https://github.com/aws/aws-cli/issues/6267).
   */
  readonly stringRevisions: boolean;
  /** Duration of a lifecycle event without a hook. Recorded from AWS: 0.2 to 0.7. */
  readonly lifecycleEventSeconds: number;
  /**
   * How long the replacement task set has to be steady before CodeDeploy ends Install. Not documented by AWS. Recorded
   * Installs take 98 to 124 s (123.6 s in
   * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/create-blue-green.html). The start of a task and its
   * first health check take about 60 s of that.
   */
  readonly steadyNoticeSeconds: number;
  /**
   * Timeout of the replacement task set to become steady, after which the deployment fails. Documented: 60 minutes
   * (https://docs.aws.amazon.com/codedeploy/latest/userguide/troubleshooting-ecs.html).
   */
  readonly steadyTimeoutSeconds: number;
  /**
   * Timeout of the first version to become steady, beside its grace period, after which the start of the local cloud
   * fails. AWS has no such timeout.
   */
  readonly firstVersionSeconds: number;
  /** Whether an alarm in INSUFFICIENT_DATA stops a deployment. Not documented by AWS; default: no. */
  readonly insufficientDataStops: boolean;
  /**
   * Where the production traffic goes after a deployment is stopped in the canary wait without a rollback: it stays as
   * it is, or returns to the old version (blue). Not documented by AWS; default: as it is.
   */
  readonly trafficAfterStop: "asItIs" | "blue";
  /**
   * Whether a deployment whose wait for ContinueDeployment times out (`deploymentReadyOption` STOP_DEPLOYMENT) is
   * rolled back, when the group rolls back on DEPLOYMENT_STOP_ON_REQUEST. AWS documents only that it becomes Stopped
   * (https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_DeploymentReadyOption.html); default: yes.
   */
  readonly readyTimeoutRollsBack: boolean;
  /**
   * Largest number of alarms of a deployment group or deployment. Documented as 10; some older accounts have up to 50.
   */
  readonly alarmsPerGroup: number;
  /**
   * Whether the load balancer's own 5xx responses also count for the target group. Not documented by AWS; default: no.
   */
  readonly loadBalancer5xxPerTargetGroup: boolean;
  /**
   * For alarms that treat missing data as missing: whether an alarm becomes ALARM when all its datapoints breach, there
   * are fewer of them than datapoints to alarm, and the oldest is at least that many buckets old. Otherwise it becomes
   * INSUFFICIENT_DATA. AWS does not state this rule, but the tables in its documentation follow from it
   * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html).
   */
  readonly oldBreachingDataAlarms: boolean;
  /** Buckets of the evaluation range beyond the evaluation periods. AWS documents a range of 5 for 3 periods, so 2. */
  readonly extraEvaluationBuckets: number;
  /**
   * Where a sliding window ends: at the newest minute that has to be published by now, or at the newest full minute. In
   * the second case the newest one or two minutes of the window have no data yet. AWS documents only that the window
   * "advances each time the alarm is evaluated"
   * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html).
   */
  readonly slidingWindowEndsAt: "published" | "now";
  /** The day on which the week of a wall clock window begins. AWS documents only "the start of the calendar week". */
  readonly wallClockWeekStartsOn: "monday" | "sunday";
  /**
   * Wall milliseconds at the start of a response that the clock's speed does not multiply
   * (load-balancer/response-time.ts). This is about this machine, not about AWS: it is more than a response takes when
   * the machine is busy.
   */
  readonly realResponseMs: number;
  /**
   * Idle timeout of the load balancer's connections when the stacks set none. AWS's default: 60
   * (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html).
   */
  readonly idleTimeoutSeconds: number;
}

/** The defaults; the comment of each setting has its source. */
export const DEFAULT_SETTINGS: CloudSettings = {
  metricDelaySeconds: 90,
  alarmPollSeconds: 10,
  provisioningSeconds: 40,
  stoppedTaskDetectionSeconds: 10,
  unhealthyStopSeconds: 30,
  drainingEventFirst: true,
  appSpecVersions: [0, 1],
  stringRevisions: true,
  lifecycleEventSeconds: 0.5,
  steadyNoticeSeconds: 40,
  steadyTimeoutSeconds: 3600,
  firstVersionSeconds: 600,
  insufficientDataStops: false,
  trafficAfterStop: "asItIs",
  readyTimeoutRollsBack: true,
  alarmsPerGroup: 10,
  loadBalancer5xxPerTargetGroup: false,
  oldBreachingDataAlarms: true,
  extraEvaluationBuckets: 2,
  slidingWindowEndsAt: "published",
  wallClockWeekStartsOn: "monday",
  realResponseMs: 500,
  idleTimeoutSeconds: 60,
};
