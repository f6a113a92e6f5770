import { z } from "zod";
import type { PredefinedStrategy } from "../../stacks/config";

const object = z.looseObject({});
const contextSchema = z.looseObject({ environments: z.record(z.string(), object).optional() });

/** What a rehearsal may have otherwise than configured; what is undefined stays as it is. */
export interface DeliveryOverrides {
  readonly strategy?: PredefinedStrategy | undefined;
  /** The probe after test traffic. */
  readonly hook?: boolean | undefined;
}

/**
 * The configuration context with these keys of one environment's `delivery` replaced, everything else as it was. Pure;
 * what is wrong with the rest is left for the configuration's own schema to say.
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
