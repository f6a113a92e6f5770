/** Facts about AWS that its documentation leaves open, as settings. Times in seconds of simulated time. */
export interface CloudSettings {
  /** How late a minute's bucket of an ALB metric becomes visible after it closed. Observed: 92. */
  readonly metricDelaySeconds: number;
  /** How often CodeDeploy reads the alarms of a running deployment. Not documented. */
  readonly alarmPollSeconds: number;
  /** From RunTask to the container's process started: image pull and network interface on Fargate. */
  readonly provisioningSeconds: number;
  /** From a container's exit until ECS has noticed it and deregisters the target. */
  readonly stoppedTaskDetectionSeconds: number;
  /**
   * From a target's turning unhealthy until ECS takes its task out and stops it. Not documented; long enough that
   * UnHealthyHostCount shows the target, as it does in AWS.
   */
  readonly unhealthyStopSeconds: number;
  /**
   * Does ECS tell that connections drain before it tells that the targets are deregistered? Records differ, by
   * milliseconds: draining first in 2018 and 2023 (https://github.com/hackforla/CivicTechJobs/issues/436), deregistered
   * first in several of 2020 to 2026.
   */
  readonly drainingToldFirst: boolean;
  /**
   * Versions of an appspec that CodeDeploy takes. Documented: 0.0 alone. 1 passes in practice: CircleCI's aws-ecs-orb
   * ships it and tests it on AWS (https://github.com/CircleCI-Public/aws-ecs-orb, #34; also aws/aws-cli#4256).
   */
  readonly appSpecVersions: readonly number[];
  /**
   * Does CodeDeploy take the older revision type String for ECS? The API reference has it for Lambda alone, but it was
   * seen to read one for an ECS application (https://github.com/aws/aws-cli/issues/6267).
   */
  readonly stringRevisions: boolean;
  /** CodeDeploy's own time for each lifecycle event without a hook. Recorded: 0.2 to 0.7. */
  readonly lifecycleEventSeconds: number;
  /**
   * How long the replacement task set has to be steady until CodeDeploy ends Install. Not documented. Recorded Installs
   * take 98 to 124 s (ECS developer guide, get-deployment-target of the blue/green tutorial: 123.6), of which a task's
   * start and its first health check explain about 60.
   */
  readonly steadyNoticeSeconds: number;
  /** How long the replacement task set may take to become steady before the deployment fails. Documented: 60 minutes. */
  readonly steadyTimeoutSeconds: number;
  /**
   * How long the first version may take to become steady, besides its grace period, before the local cloud gives up. AWS
   * has no such limit: there, a service is just created.
   */
  readonly firstVersionSeconds: number;
  /** Does an alarm in INSUFFICIENT_DATA stop a deployment? Not documented; default: no. */
  readonly insufficientDataStops: boolean;
  /**
   * Where a deployment that is stopped in the canary wait without a rollback leaves the production traffic: as it is, or
   * on the old version. Not documented; default: as it is.
   */
  readonly trafficAfterStop: "asItIs" | "blue";
  /**
   * Is a deployment that nobody told to go on in its wait (`deploymentReadyOption` STOP_DEPLOYMENT) rolled back, where the
   * group rolls back on DEPLOYMENT_STOP_ON_REQUEST? That it is Stopped is documented, this is not; default: yes.
   */
  readonly readyTimeoutRollsBack: boolean;
  /** Alarms a deployment group or a deployment may have. Documented as 10 and, for accounts of some age, up to 50. */
  readonly alarmsPerGroup: number;
  /** Do the 5xx responses that the load balancer makes itself also count for the target group? Not documented; no. */
  readonly loadBalancer5xxPerTargetGroup: boolean;
  /**
   * Does an alarm that leaves missing data missing go into ALARM on breaching data alone that is too little, but as old as
   * datapoints to alarm? It reproduces AWS's published tables; AWS does not say it. Else INSUFFICIENT_DATA.
   */
  readonly oldBreachingDataAlarms: boolean;
  /** Evaluation range beyond the evaluation periods, in buckets. Documented as 5 for N = 3, so 2. */
  readonly extraEvaluationBuckets: number;
  /** On which day the week of a wall clock window begins. AWS speaks of "the start of the calendar week"; Monday. */
  readonly wallClockWeekStartsOn: "monday" | "sunday";
  /**
   * Wall milliseconds of a response that count as they are, however fast the clock runs (load-balancer/response-time.ts).
   * About this machine, not about AWS: more than an answer takes on a busy one.
   */
  readonly realResponseMs: number;
  /** Idle time after which the load balancer closes a connection, where the stacks say nothing. AWS's default: 60. */
  readonly idleTimeoutSeconds: number;
}

/** The defaults; see the comment of each setting for where it comes from. */
export const DEFAULT_SETTINGS: CloudSettings = {
  metricDelaySeconds: 90,
  alarmPollSeconds: 10,
  provisioningSeconds: 40,
  stoppedTaskDetectionSeconds: 10,
  unhealthyStopSeconds: 30,
  drainingToldFirst: true,
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
  wallClockWeekStartsOn: "monday",
  realResponseMs: 500,
  idleTimeoutSeconds: 60,
};
