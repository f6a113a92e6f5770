/**
 * Settings of AWS for which the local cloud plays one value only, with the reason. A rehearsal that ignored another value would
 * differ from AWS, so the loader of the stacks and the reader of a live service refuse it with the same words.
 */
export const ONLY = {
  loadBalancerType: {
    value: "application",
    why: "CodeDeploy's canaries need weights, and the local cloud has no other type",
  },
  healthCheckEnabled: { value: true, why: "targets would count as healthy without a check" },
  healthCheckPort: { value: "traffic-port", why: "a task listens on one port of this machine" },
  healthCheckProtocol: { value: "HTTP", why: "health checks are plain HTTP requests" },
  protocol: { value: "HTTP", why: "the local load balancer speaks no other protocol to targets" },
  protocolVersion: { value: "HTTP1", why: "the local load balancer speaks no other protocol to targets" },
  targetType: { value: "ip", why: "every task has its own network interface" },
  algorithm: { value: "round_robin", why: "the local load balancer takes targets in turn" },
  anomalyMitigation: { value: "off", why: "the local load balancer gives every healthy target its turn" },
  crossZone: { value: "use_load_balancer_configuration", why: "the local load balancer has no zones" },
  slowStart: { value: 0, why: "the local load balancer gives a healthy target its whole share at once" },
  stickiness: { value: false, why: "the local load balancer routes every request by the weights alone" },
  terminationAction: { value: "TERMINATE", why: "the local cloud ends the replaced task set after the wait" },
} as const satisfies Readonly<Record<string, { readonly value: string | number | boolean; readonly why: string }>>;

/** Settings that the local cloud plays only when they are absent, with the reason. */
export const ABSENT = {
  targetGroupHealth: "the local load balancer fails open when no target is healthy, and only then",
  otherCondition: "the local load balancer routes by host_header and path_pattern only",
  regexValues: "the local load balancer compares with wildcards only",
  transform: "the local load balancer does not rewrite requests",
  volumes: "volumes are not supported by the local cloud",
  alarmUnit: "is not supported by the local cloud: its alarms take a metric's samples of any unit",
  anomalyDetection: "is not supported by the local cloud, which has no anomaly detection",
} as const;
