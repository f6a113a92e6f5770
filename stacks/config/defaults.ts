import type { Settings } from "./schema";

/** What holds where the configuration says nothing. */
export const DEFAULTS: Settings = {
  project: "tasks-api",
  region: "eu-central-1",
  state: { backend: "s3" },
  tags: {},
  network: {
    cidr: "10.0.0.0/16",
    zones: 2,
    natGateways: "one",
    interfaceEndpoints: [],
    flowLogs: { traffic: "rejected", retentionDays: 30 },
  },
  registry: {},
  loadBalancer: {
    productionPort: 80,
    testPort: 9090,
    allowedCidrs: ["0.0.0.0/0"],
    testAllowedCidrs: [],
    deregistrationDelaySeconds: 30,
    deletionProtection: false,
    accessLogs: { enabled: true, retentionDays: 90 },
    waf: { enabled: false, mode: "block", requestsPerFiveMinutes: 2000, logs: false, logRetentionDays: 30 },
  },
  healthCheck: {
    path: "/health",
    intervalSeconds: 30,
    timeoutSeconds: 5,
    healthyThreshold: 2,
    unhealthyThreshold: 3,
  },
  service: {
    desiredCount: 2,
    cpu: 256,
    memory: 512,
    architecture: "X86_64",
    containerPort: 8080,
    stopTimeoutSeconds: 30,
    logRetentionDays: 30,
    environment: {},
  },
  alarms: {
    periodSeconds: 60,
    unhealthyHosts: { threshold: 0, evaluationPeriods: 1, datapointsToAlarm: 1 },
    target5xx: { threshold: 2, evaluationPeriods: 1, datapointsToAlarm: 1 },
    responseTime: { threshold: 1.5, evaluationPeriods: 1, datapointsToAlarm: 1 },
    connectionErrors: { threshold: 0, evaluationPeriods: 1, datapointsToAlarm: 1 },
  },
  delivery: { strategy: "ECSCanary10Percent5Minutes", terminationWaitMinutes: 5 },
};
