import type { ResourceChange } from "../plan-fixture";

/** A plan about which a rule reports a finding, and a similar one about which it doesn't. */
export interface Case {
  readonly rule: string;
  readonly when: string;
  readonly trips: readonly ResourceChange[];
  readonly says: RegExp;
  /** Default: danger. `both`: a danger, and a caution about a part that is not known yet. */
  readonly level?: "caution" | "both";
  readonly silent: readonly ResourceChange[];
}
