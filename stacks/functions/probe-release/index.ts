import { CodeDeployClient, PutLifecycleEventHookExecutionStatusCommand } from "@aws-sdk/client-codedeploy";
import { answerHook, type HookEvent, type HookStatus } from "./answer-hook";
import { asking } from "./http";
import type { ProbeStep } from "../../config/request-schema";
import { probeRelease } from "./probes";

/** `delivery.probe`, which the package contains: the variables of a function have 4 KB in all. */
declare const PROBE_STEPS: readonly ProbeStep[];

/** Milliseconds of the function's time that are reserved for the report to CodeDeploy. */
const REPORT_MS = 15_000;

/**
 * The hook after test traffic (AfterAllowTestTraffic), when the new version is only behind the test listener. Environment:
 * TEST_URL, base URL of the test listener; TEST_HOST, the Host header, if it is another than
 * the URL's; HEALTH_PATH and HEALTH_MATCHER, path and matcher of the health check.
 */
export async function handler(event: HookEvent, context: { getRemainingTimeInMillis(): number }): Promise<HookStatus> {
  const log = (line: string) => console.log(line);
  return answerHook(event, {
    log,
    // Whatever fails in here is told to CodeDeploy.
    probe: async (deploymentId) => {
      const deadline = AbortSignal.timeout(Math.max(1, Math.floor(context.getRemainingTimeInMillis() - REPORT_MS)));
      const ask = asking({ baseUrl: variable("TEST_URL"), host: process.env["TEST_HOST"], deadline, log });
      await probeRelease({
        ask,
        health: { path: variable("HEALTH_PATH"), matcher: variable("HEALTH_MATCHER") },
        steps: PROBE_STEPS,
        title: `Release probe of ${deploymentId}`,
        log,
      });
    },
    report: async ({ DeploymentId, LifecycleEventHookExecutionId }, status) => {
      await new CodeDeployClient({}).send(
        new PutLifecycleEventHookExecutionStatusCommand({
          deploymentId: DeploymentId,
          lifecycleEventHookExecutionId: LifecycleEventHookExecutionId,
          status,
        }),
      );
    },
  });
}

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") throw new Error(`the variable ${name} is not set`);
  return value;
}
