import type { AttributeRule } from "../attribute-rules";
import { GATE_ATTRIBUTES } from "./gate";
import { IDENTITY_ATTRIBUTES } from "./identity";
import { LOAD_BALANCING_ATTRIBUTES } from "./load-balancing";
import { NETWORK_ATTRIBUTES } from "./network";
import { SERVICE_ATTRIBUTES } from "./service";
import { STORAGE_ATTRIBUTES } from "./storage";

/** Every attribute rule: how in-place changes are assessed, attribute by attribute. */
export const ATTRIBUTE_RULES: readonly AttributeRule[] = [
  ...[
    LOAD_BALANCING_ATTRIBUTES,
    SERVICE_ATTRIBUTES,
    GATE_ATTRIBUTES,
    NETWORK_ATTRIBUTES,
    STORAGE_ATTRIBUTES,
    IDENTITY_ATTRIBUTES,
  ].flat(),
];
