import { z } from "zod";
import type { PredefinedStrategy } from "../../stacks/config";

const object = z.looseObject({});
const contextSchema = z.looseObject({ environments: z.record(z.string(), object).optional() });

/** Settings of a rehearsal that replace configured ones. Undefined keeps the configured value. */
export interface DeliveryOverrides {
  readonly strategy?: PredefinedStrategy | undefined;
  /** Whether a hook probes the new version after test traffic. */
  readonly hook?: boolean | undefined;
}

/**
 * Returns the configuration context with these keys of one environment's `delivery` replaced. Pure. An invalid context
 * is returned unchanged, because the configuration's own schema reports its errors.
 */
export function withDelivery(context: unknown, environment: string, overrides: DeliveryOverrides): unknown {
  const parsed = contextSchema.safeParse(context);
  if (!parsed.success) return context;
  const settings = parsed.data.environments?.[environment];
  if (!settings) return context;
  const delivery = object.safeParse(settings["delivery"] ?? {});
  if (!delivery.success) return context;
  const replaced = Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
  return {
    ...parsed.data,
    environments: {
      ...parsed.data.environments,
      [environment]: { ...settings, delivery: { ...delivery.data, ...replaced } },
    },
  };
}
