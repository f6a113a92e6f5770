import type { IncomingHttpHeaders } from "node:http";
import { SteppedClock, WallClock } from "../../../scripts/cloud/clock";
import { httpProbe, MIN_TIMEOUT_WALL_MS } from "../../../scripts/cloud/load-balancer/probe";
import { signal, World } from "./support";

let world: World;
beforeEach(() => (world = new World()));
afterEach(() => world.close());

const never = new AbortController().signal;

describe("a health check", () => {
  it("is a GET of the path on a connection of its own, and gives the status", async () => {
    const seen = signal<{ url: string | undefined; headers: IncomingHttpHeaders }>();
    const target = await world.target("10.0.0.7", ({ url, headers }, response) => {
      seen.resolve({ url, headers });
      response.writeHead(503).end("down");
    });
    const probe = httpProbe(new WallClock(20));
    expect(await probe({ target, path: "/health?deep=1", timeout: 5, signal: never })).toEqual({
      kind: "answered",
      status: 503,
    });
    const { url, headers } = await seen.promise;
    expect(url).toBe("/health?deep=1");
    expect(headers).toEqual({ host: "10.0.0.7:8080", "user-agent": "ELB-HealthChecker/2.0", connection: "close" });
  });

  it("fails when nothing listens", async () => {
    const target = await world.deadTarget("a");
    const probe = httpProbe(new WallClock(20));
    expect(await probe({ target, path: "/", timeout: 5, signal: never })).toEqual({ kind: "failed" });
  });

  it("times out when there is no answer in time, and hangs up", async () => {
    const arrived = signal();
    const gone = signal();
    const target = await world.target("a", (_, response) => {
      response.on("close", () => gone.resolve());
      arrived.resolve();
    });
    const clock = new SteppedClock();
    const result = httpProbe(clock)({ target, path: "/", timeout: 5, signal: never });
    await arrived.promise;
    await clock.step(5_000);
    expect(await result).toEqual({ kind: "timeout" });
    await gone.promise;
  });

  it("leaves a busy machine its least wall time however fast the clock runs", async () => {
    const delays: number[] = [];
    class Recording extends WallClock {
      override after(delayMs: number, action: () => void) {
        delays.push(delayMs);
        return super.after(delayMs, action);
      }
    }
    const target = await world.target("a", (_, response) => void response.end());
    await httpProbe(new Recording(100))({ target, path: "/", timeout: 5, signal: never });
    expect(delays).toEqual([MIN_TIMEOUT_WALL_MS * 100]);
  });

  it("is given up when its target is deregistered", async () => {
    const arrived = signal();
    const target = await world.target("a", () => arrived.resolve());
    const abort = new AbortController();
    const result = httpProbe(new SteppedClock())({ target, path: "/", timeout: 5, signal: abort.signal });
    await arrived.promise;
    abort.abort();
    expect(await result).toEqual({ kind: "failed" });
  });
});
