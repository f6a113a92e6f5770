import { WallClock } from "../cloud/clock";
import { LoadBalancer } from "../cloud/load-balancer/load-balancer";
import { Metrics } from "../cloud/metrics/metrics";
import { DEFAULT_SETTINGS } from "../cloud/settings";

/** Runs the local load balancer alone, with one target on TARGET_PORT, and prints its port. */
async function main(): Promise<void> {
  const clock = new WallClock(1);
  const metrics = new Metrics({ clock, settings: DEFAULT_SETTINGS });
  const healthCheck = {
    path: "/health",
    interval: 30,
    timeout: 5,
    healthyThreshold: 2,
    unhealthyThreshold: 3,
    matcher: "200",
  };
  const group = {
    name: "bench",
    arn: "group",
    arnSuffix: "targetgroup/bench/1",
    port: 8080,
    deregistrationDelay: 0,
    healthCheck,
  };
  const listener = { arn: "listener", port: 80, protocol: "HTTP", forward: [{ targetGroupArn: "group", weight: 1 }] };
  const loadBalancer = new LoadBalancer({
    template: {
      loadBalancer: { name: "bench", arn: "balancer", arnSuffix: "app/bench/1", dnsName: "localhost" },
      targetGroups: [group],
      listeners: [listener],
    },
    clock,
    metrics,
    settings: DEFAULT_SETTINGS,
  });
  await loadBalancer.start();
  const port = Number(process.env.TARGET_PORT);
  loadBalancer.register("group", { id: "10.0.0.1", port: 8080, address: { host: "127.0.0.1", port } });
  console.log(`port ${new URL(loadBalancer.url("listener")).port}`);
}

void main();
