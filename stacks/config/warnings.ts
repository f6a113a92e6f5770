import { contains, isPrivate, rangeOf } from "./cidr";
import { destinationOf } from "./egress-schema";
import type { Problem } from "./problems";
import { isKnownRegion } from "./regions";
import type { Config } from "./schema";

/** A way out to a range wider than this, in prefix bits, leads to the world; of it two halves are all. */
const WIDEST_EGRESS_BITS = { ipv4: 8, ipv6: 16 } as const;
/** Seconds that the load balancer waits for the next byte: its default, which the stacks leave as it is. */
const IDLE_TIMEOUT_SECONDS = 60;

/** What is right in itself and may still not be what is wanted: it hinders nothing, and one had better know. */
export function doubts(config: Config): Problem[] {
  return [...newRegion(config), ...ranges(config), ...egress(config), ...thresholds(config)];
}

function newRegion({ region, newRegion: isTaken }: Config): Problem[] {
  if (!isTaken) return [];
  return isKnownRegion(region)
    ? [{ path: ["newRegion"], text: `true, though ${region} is well known: a mistyped region would be taken, too` }]
    : [{ path: ["region"], text: `"${region}" is not in this version's list of AWS's regions; taken by newRegion` }];
}

function ranges({ network: { vpc, cidr } }: Config): Problem[] {
  const path = vpc ? ["network", "vpc", "cidr"] : ["network", "cidr"];
  const text = vpc?.cidr ?? cidr;
  const range = rangeOf(text);
  // "VPC CIDR blocks" (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html).
  if (contains(rangeOf("172.17.0.0/16"), range)) {
    const why =
      "AWS advises against 172.17.0.0/16, which Cloud9, SageMaker and Docker use: they wouldn't reach the tasks";
    return [{ path, text: `"${text}": ${why}` }];
  }
  const why =
    "is no private range: nothing in the VPC reaches whoever has these addresses on the internet; " +
    "AWS recommends one in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16";
  return isPrivate(range) ? [] : [{ path, text: `"${text}" ${why}` }];
}

function egress({ service, network: { vpc, cidr } }: Config): Problem[] {
  return service.egress.flatMap(({ port, protocol = "tcp", to }, index): Problem[] => {
    const path = ["service", "egress", index];
    const destination = destinationOf(to);
    if (!("cidr" in destination)) return [];
    if (Number(to.split("/")[1]) < WIDEST_EGRESS_BITS[destination.kind]) {
      return [
        { path, text: `${protocol} ${port} to ${to} lets the tasks reach the whole internet; narrow it if you can` },
      ];
    }
    if (vpc || destination.kind === "ipv6") return [];
    const range = rangeOf(to);
    const isElsewhere = isPrivate(range) && !contains(rangeOf(cidr), range) && !contains(range, rangeOf(cidr));
    const text =
      `${to} is a private range outside of network.cidr (${cidr}): the network that is made here has no route there, ` +
      "unless somebody adds one to its private route tables (peering, a transit gateway)";
    return isElsewhere ? [{ path, text }] : [];
  });
}

/** Thresholds that nothing exceeds: the alarm is there, and never fires. */
function thresholds({ alarms, service }: Config): Problem[] {
  const most = service.scaling.enabled ? service.scaling.maxCount : service.desiredCount;
  const problem = (kind: "unhealthyHosts" | "responseTime", text: string): Problem => ({
    path: ["alarms", kind, "threshold"],
    text: `${alarms[kind].threshold} may never be exceeded: ${text}`,
  });
  return [
    ...(alarms.unhealthyHosts.threshold >= most
      ? [problem("unhealthyHosts", `a target group has ${most} ${most === 1 ? "task" : "tasks"}`)]
      : []),
    ...(alarms.responseTime.threshold >= IDLE_TIMEOUT_SECONDS
      ? [problem("responseTime", `the load balancer gives an answer up after ${IDLE_TIMEOUT_SECONDS} s without a byte`)]
      : []),
  ];
}
