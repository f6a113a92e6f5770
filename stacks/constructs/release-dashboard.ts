import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { Construct } from "constructs";
import type { Config } from "../config";
import type { AlarmKind } from "../config/alarms-schema";
import { TARGET_GROUPS, type TargetGroupKey } from "../names";
import { WATCHED, type GraphLine, type WatchedMetric } from "./alarm-kinds";

/** Settings of the dashboard. */
export interface ReleaseDashboardProps {
  readonly name: string;
  readonly region: string;
  readonly targetGroups: Readonly<Record<TargetGroupKey, { readonly name: string; readonly arnSuffix: string }>>;
  readonly loadBalancerArnSuffix: string;
  readonly clusterName: string;
  readonly serviceName: string;
  readonly alarms: Config["alarms"];
  readonly alarmArns: readonly string[];
  /** Minutes that the old tasks are kept. The text at the top shows them. */
  readonly terminationWaitMinutes: number;
}

/** One graph. It is drawn once for each target group, side by side. */
interface Graph {
  readonly title: string;
  readonly lines: readonly GraphLine[];
  /** The alarm whose threshold is drawn. */
  readonly alarm?: AlarmKind;
}

const GRAPHS: readonly Graph[] = [
  { title: "Requests", lines: [["RequestCount", "Sum", "requests"]] },
  ...(Object.entries(WATCHED) as [AlarmKind, WatchedMetric][]).map(([alarm, { metricName, statistic, graph }]) => ({
    title: graph.title,
    lines: [...(graph.before ?? []), [metricName, statistic, graph.label] as const, ...(graph.after ?? [])],
    alarm,
  })),
];

/**
 * Width of CloudWatch's grid
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html).
 */
const GRID_WIDTH = 24;
const HALF = GRID_WIDTH / 2;
const TEXT_HEIGHT = 2;
const ALARMS_HEIGHT = 3;
const GRAPH_HEIGHT = 5;

/** A dashboard of both target groups, side by side, with the alarms' thresholds. The live one is the one with requests. */
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
  const bottom = top + GRAPHS.length * GRAPH_HEIGHT;
  return [
    {
      ...{ type: "text", x: 0, y: 0, width: GRID_WIDTH, height: TEXT_HEIGHT },
      properties: {
        markdown:
          `**${props.serviceName}**: two target groups, which swap with every release. The one with the requests is ` +
          `live; during a release both have some. The old tasks stay ${props.terminationWaitMinutes} minutes.`,
      },
    },
    {
      ...{ type: "alarm", x: 0, y: TEXT_HEIGHT, width: GRID_WIDTH, height: ALARMS_HEIGHT },
      properties: { title: "Alarms that stop a release", alarms: props.alarmArns },
    },
    ...GRAPHS.flatMap((graph, row) =>
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

function graphOf({ title, lines, alarm }: Graph, key: TargetGroupKey, props: ReleaseDashboardProps): object {
  const { name, arnSuffix } = props.targetGroups[key];
  return {
    ...commonOf(props),
    title: `${title}: ${name}`,
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
        horizontal: [{ label: "alarm above", value: props.alarms[alarm].threshold, color: "#d62728" }],
      },
    }),
  };
}

function commonOf({ region, alarms }: ReleaseDashboardProps): object {
  return { view: "timeSeries", region, period: alarms.periodSeconds };
}
