import type {
  DescribeTargetHealthOutput,
  TargetHealthDescription,
  TargetHealthReasonEnum,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { z } from "zod";
import type { TargetHealth } from "../../load-balancer/part";
import { integer, listOf } from "../input";
import { operation } from "../operation";
import { targetGroupOf } from "./find";

/** Describes the health of the requested targets; without a request, of all registered targets. */
export const describeTargetHealth = operation(
  "DescribeTargetHealth",
  z.object({
    TargetGroupArn: z.string(),
    Targets: listOf(z.object({ Id: z.string(), Port: integer.optional() })).optional(),
  }),
  ({ TargetGroupArn, Targets }, backend): DescribeTargetHealthOutput => {
    const group = targetGroupOf(TargetGroupArn, backend);
    const registered = backend.parts.loadBalancer.health(TargetGroupArn);
    if (!Targets) return { TargetHealthDescriptions: registered.map(describe) };
    return {
      TargetHealthDescriptions: Targets.map(({ Id, Port = group.port }) => {
        const known = registered.find(({ target }) => target.id === Id && target.port === Port);
        return known ? describe(known) : notRegistered(Id, Port);
      }),
    };
  },
);

function describe({ target, state, reason, description }: TargetHealth): TargetHealthDescription {
  return {
    Target: { Id: target.id, Port: target.port },
    HealthCheckPort: String(target.port),
    TargetHealth: { State: state, Reason: reason as TargetHealthReasonEnum | undefined, Description: description },
  };
}

function notRegistered(id: string, port: number): TargetHealthDescription {
  return {
    Target: { Id: id, Port: port },
    TargetHealth: {
      State: "unused",
      Reason: "Target.NotRegistered",
      Description: "Target is not registered to the target group",
    },
  };
}
