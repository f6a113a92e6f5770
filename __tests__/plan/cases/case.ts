import type { ResourceChange } from "../plan-fixture";

/** A plan that a rule speaks up about, and one, as near to it as can be, about which it is silent. */
export interface Case {
  readonly rule: string;
  readonly when: string;
  readonly trips: readonly ResourceChange[];
  readonly says: RegExp;
  /** Default: danger. `both`: a danger that is certain, and a doubt beside it. */
  readonly level?: "caution" | "both";
  readonly silent: readonly ResourceChange[];
}
