import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { Construct } from "constructs";
import type { Config } from "../config";
import type { ThresholdKind } from "../config/alarms-schema";
import { limitGraph } from "../gate/limit";
import { alarmKindsOf, isLimitKind, type LimitKind } from "../gate/presets";
import { otherTargetGroup, TARGET_GROUPS, type TargetGroupKey } from "../names";
import { LIMIT_WORDS, WATCHED, type GraphLine } from "./alarm-kinds";
import { judgedBy, limitFor } from "./gate-alarms";

/** Settings of the dashboard. */
export interface ReleaseDashboardProps {
  readonly name: string;
  readonly region: string;
  readonly targetGroups: Readonly<Record<TargetGroupKey, { readonly name: string; readonly arnSuffix: string }>>;
  readonly loadBalancerArnSuffix: string;
  readonly clusterName: string;
  readonly serviceName: string;
  readonly config: Pick<Config, "alarms" | "delivery" | "gate">;
  readonly alarmArns: readonly string[];
}

/** One graph. It is drawn once for each target group, side by side. */
type Graph =
  | {
      readonly title: string;
      readonly lines: readonly GraphLine[];
      /** The alarm whose threshold is drawn. */
      readonly alarm?: ThresholdKind;
    }
  | {
      readonly title: string;
      /** The alarm whose bad requests and limit are drawn. */
      readonly limit: LimitKind;
    };

const RESPONSE_TIMES: Graph = {
  title: "Response time (seconds)",
  lines: [
    ["TargetResponseTime", "Average", "average"],
    ["TargetResponseTime", "p99", "p99"],
  ],
};

/** The graphs, from top to bottom. The graphs of thresholds are in the order of `WATCHED`. */
function graphsOf({ config }: ReleaseDashboardProps): readonly Graph[] {
  const kinds = alarmKindsOf(config);
  const limits = kinds.filter(isLimitKind);
  return [
    { title: "Requests", lines: [["RequestCount", "Sum", "requests"]] },
    ...limits.map((limit) => ({ title: LIMIT_WORDS[limit](config.gate.slowSeconds).title, limit })),
    ...(limits.length > 0 ? [RESPONSE_TIMES] : []),
    ...(Object.keys(WATCHED) as ThresholdKind[])
      .filter((kind) => kinds.includes(kind))
      .map((alarm) => {
        const { metricName, statistic, graph } = WATCHED[alarm];
        const lines = [...(graph.before ?? []), [metricName, statistic, graph.label] as const, ...(graph.after ?? [])];
        return { title: graph.title, lines, alarm };
      }),
  ];
}

/**
 * Width of CloudWatch's grid
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html).
 */
const GRID_WIDTH = 24;
const HALF = GRID_WIDTH / 2;
const TEXT_HEIGHT = 2;
const ALARMS_HEIGHT = 3;
const GRAPH_HEIGHT = 5;
/** Red, for thresholds and limits. */
const LIMIT_COLOR = "#d62728";

/** A dashboard of both target groups, side by side, with the alarms' thresholds and limits. The live one is the one with requests. */
export class ReleaseDashboard extends Construct {
  constructor(scope: Construct, id: string, props: ReleaseDashboardProps) {
    super(scope, id);
    new CloudwatchDashboard(this, "dashboard", {
      dashboardName: props.name,
      dashboardBody: JSON.stringify({ widgets: widgetsOf(props) }),
    });
  }
}

function widgetsOf(props: ReleaseDashboardProps): readonly object[] {
  const top = TEXT_HEIGHT + ALARMS_HEIGHT;
  const graphs = graphsOf(props);
  const bottom = top + graphs.length * GRAPH_HEIGHT;
  return [
    {
      ...{ type: "text", x: 0, y: 0, width: GRID_WIDTH, height: TEXT_HEIGHT },
      properties: {
        markdown:
          `**${props.serviceName}**: two target groups, which swap with every release. The one with the requests is ` +
          `live; during a release both have some. The old tasks stay ${props.config.delivery.terminationWaitMinutes} minutes.`,
      },
    },
    {
      ...{ type: "alarm", x: 0, y: TEXT_HEIGHT, width: GRID_WIDTH, height: ALARMS_HEIGHT },
      properties: { title: "Alarms that stop a release", alarms: props.alarmArns },
    },
    ...graphs.flatMap((graph, row) =>
      TARGET_GROUPS.map((key, column) => ({
        ...{ type: "metric", x: column * HALF, y: top + row * GRAPH_HEIGHT, width: HALF, height: GRAPH_HEIGHT },
        properties: graphOf(graph, key, props),
      })),
    ),
    ...(["CPUUtilization", "MemoryUtilization"] as const).map((metric, column) => ({
      ...{ type: "metric", x: column * HALF, y: bottom, width: HALF, height: GRAPH_HEIGHT },
      properties: {
        ...commonOf(props),
        title: metric === "CPUUtilization" ? "CPU of the service (percent)" : "Memory of the service (percent)",
        metrics: (["Average", "Maximum"] as const).map((stat) => [
          "AWS/ECS",
          metric,
          "ClusterName",
          props.clusterName,
          "ServiceName",
          props.serviceName,
          { stat, label: stat.toLowerCase() },
        ]),
        yAxis: { left: { min: 0 } },
      },
    })),
  ];
}

function graphOf(graph: Graph, key: TargetGroupKey, props: ReleaseDashboardProps): object {
  const { name, arnSuffix } = props.targetGroups[key];
  const title = `${graph.title}: ${name}`;
  if ("limit" in graph) return limitGraphOf(title, graph.limit, key, props);
  const { lines, alarm } = graph;
  return {
    ...commonOf(props),
    title,
    metrics: lines.map(([metric, stat, label]) => [
      "AWS/ApplicationELB",
      metric,
      "TargetGroup",
      arnSuffix,
      "LoadBalancer",
      props.loadBalancerArnSuffix,
      { stat, label },
    ]),
    yAxis: { left: { min: 0 } },
    ...(alarm && {
      annotations: {
        horizontal: [{ label: "alarm above", value: props.config.alarms[alarm].threshold, color: LIMIT_COLOR }],
      },
    }),
  };
}

/**
 * The number of bad requests, and the limit that follows the traffic, in windows of the alarm's length. Format:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html.
 */
function limitGraphOf(title: string, kind: LimitKind, key: TargetGroupKey, props: ReleaseDashboardProps): object {
  const limit = limitFor(props.config);
  const judged = judgedBy(kind, {
    ...props,
    targetGroup: props.targetGroups[key],
    otherTargetGroup: props.targetGroups[otherTargetGroup(key)],
  });
  return {
    ...commonOf(props),
    title,
    period: limit.windowSeconds,
    metrics: limitGraph(limit, judged).map(({ id, expression, metric, label, visible, isLimit }) => {
      const options = { id, label, visible, ...(isLimit && { color: LIMIT_COLOR }) };
      if (!metric) return [{ ...options, expression }];
      const { namespace, metricName, dimensions, period, statistic: stat } = metric;
      return [namespace, metricName, ...Object.entries(dimensions).flat(), { ...options, stat, period }];
    }),
    yAxis: { left: { min: 0 } },
  };
}

function commonOf({ region, config }: ReleaseDashboardProps): object {
  return { view: "timeSeries", region, period: config.alarms.periodSeconds };
}
