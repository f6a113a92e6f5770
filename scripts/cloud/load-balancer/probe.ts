import http from "node:http";
import type { Clock } from "../clock";
import type { CheckResult } from "./health";
import type { Target } from "./part";

/**
 * Least wall time a target has for its answer to a health check. With the cloud's clock at speed 20, a timeout of 5 s
 * is a quarter of a second on this machine, which a healthy process may need when the machine is busy. AWS's smallest
 * timeout is 2 s.
 */
export const MIN_TIMEOUT_WALL_MS = 2_000;

/** Sends one health check and tells what came of it; never rejects. */
export type Probe = (input: {
  readonly target: Target;
  readonly path: string;
  /** Seconds of simulated time. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}) => Promise<CheckResult>;

/** A health check as a load balancer's: a GET on a connection of its own, over with the response's headers. */
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
