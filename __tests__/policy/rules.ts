import type { Rule } from "./rule";
import { DELIVERY_RULES } from "./rules/delivery";
import { FUNCTION_RULES } from "./rules/functions";
import { IDENTITY_RULES } from "./rules/identity";
import { LOAD_BALANCER_RULES } from "./rules/load-balancer";
import { NETWORK_RULES } from "./rules/network";
import { SERVICE_RULES } from "./rules/service";
import { STATE_RULES } from "./rules/state";
import { STORAGE_RULES } from "./rules/storage";
import { TRUST_RULES } from "./rules/trust";

/** All of them. */
export const RULES: readonly Rule[] = [
  ...NETWORK_RULES,
  ...LOAD_BALANCER_RULES,
  ...SERVICE_RULES,
  ...STORAGE_RULES,
  ...IDENTITY_RULES,
  ...TRUST_RULES,
  ...DELIVERY_RULES,
  ...FUNCTION_RULES,
  ...STATE_RULES,
];
