import type { ListMetricsOutput } from "@aws-sdk/client-cloudwatch";
import { z } from "zod";
import { listOf } from "../input";
import { operation } from "../operation";
import { pageOf } from "../paging";
import { dimensionList } from "./metric-alarm";

/** Metrics in a page (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html). */
const PAGE_SIZE = 500;

/** Lists metrics. Filters: namespace, name, dimensions. A dimension without a value matches every value. */
export const listMetrics = operation(
  "ListMetrics",
  z.object({
    Namespace: z.string().optional(),
    MetricName: z.string().optional(),
    Dimensions: listOf(z.object({ Name: z.string(), Value: z.string().optional() })).default([]),
    NextToken: z.string().optional(),
  }),
  (input, { parts }): ListMetricsOutput => {
    const metrics = parts.metrics
      .list()
      .filter(
        ({ namespace, metricName, dimensions }) =>
          (input.Namespace === undefined || namespace === input.Namespace) &&
          (input.MetricName === undefined || metricName === input.MetricName) &&
          input.Dimensions.every(
            ({ Name, Value }) => Object.hasOwn(dimensions, Name) && (Value === undefined || dimensions[Name] === Value),
          ),
      )
      .map(({ namespace, metricName, dimensions }) => ({
        Namespace: namespace,
        MetricName: metricName,
        Dimensions: dimensionList(dimensions),
      }));
    const page = pageOf(metrics, (metric) => JSON.stringify(metric), {
      token: input.NextToken,
      size: PAGE_SIZE,
      badToken: "InvalidParameterValueException",
    });
    return { Metrics: [...page.items], NextToken: page.nextToken };
  },
);
