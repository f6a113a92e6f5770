import { z } from "zod";
import type { MetricDataQuery } from "../../template";
import { boolean } from "../input";
import { dimensionsInput, periodInput } from "./metric-input";

/** A query that may request the samples of one unit. */
export type UnitQuery = MetricDataQuery & { readonly unit?: string };

/** The input of one metric or expression of metric math. Gives a query in the template's form. */
export const metricDataQueryInput = z
  .object({
    Id: z.string().regex(/^[a-z]\w*$/, { error: "must begin with a lower-case letter" }),
    Label: z.string().optional(),
    ReturnData: boolean.default(true),
    Expression: z.string().optional(),
    MetricStat: z
      .object({
        Metric: z.object({
          Namespace: z.string(),
          MetricName: z.string(),
          Dimensions: dimensionsInput.default({}),
        }),
        Period: periodInput,
        Stat: z.string(),
        Unit: z.string().optional(),
      })
      .optional(),
  })
  .refine((query) => (query.Expression === undefined) !== (query.MetricStat === undefined), {
    error: "needs either an Expression or a MetricStat",
  })
  .transform(({ Id, Label, ReturnData, Expression, MetricStat }): UnitQuery => ({
    id: Id,
    returnData: ReturnData,
    ...(Label !== undefined && { label: Label }),
    ...(Expression !== undefined && { expression: Expression }),
    ...(MetricStat && {
      metric: {
        namespace: MetricStat.Metric.Namespace,
        metricName: MetricStat.Metric.MetricName,
        dimensions: MetricStat.Metric.Dimensions,
        period: MetricStat.Period,
        statistic: MetricStat.Stat,
      },
      ...(MetricStat.Unit !== undefined && { unit: MetricStat.Unit }),
    }),
  }));
