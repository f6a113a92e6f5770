import http from "node:http";
import type { Clock } from "../clock";
import type { CheckResult } from "./health";
import type { Target } from "./part";

/**
 * Shortest timeout of a health check, in wall milliseconds. With the cloud's clock at speed 20, a timeout of 5 s is a
 * quarter of a second on this machine, which a healthy process may need when the machine is busy. AWS's shortest
 * timeout is 2 s (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html).
 */
export const MIN_TIMEOUT_WALL_MS = 2_000;

/** Sends one health check and resolves with its result; never rejects. */
export type Probe = (input: {
  readonly target: Target;
  readonly path: string;
  /** Seconds of simulated time. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}) => Promise<CheckResult>;

/** Makes the real probe: a GET on a connection of its own, which ends when the response's headers arrive. */
export function httpProbe(clock: Clock): Probe {
  return ({ target, path, timeout, signal }) =>
    new Promise((resolve) => {
      const request = http.request({
        agent: false,
        host: target.address.host,
        port: target.address.port,
        path,
        headers: { host: `${target.id}:${target.port}`, "user-agent": "ELB-HealthChecker/2.0", connection: "close" },
        signal,
      });
      const cancel = clock.after(Math.max(timeout * 1_000, MIN_TIMEOUT_WALL_MS * clock.speed), () =>
        finish({ kind: "timeout" }),
      );
      const finish = (result: CheckResult) => {
        cancel();
        resolve(result);
        request.destroy();
      };
      request.on("response", ({ statusCode = 0 }) => finish({ kind: "answered", status: statusCode }));
      request.on("error", () => finish({ kind: "failed" }));
      request.end();
    });
}
