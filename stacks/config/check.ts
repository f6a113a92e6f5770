import type { ConfigProblem } from "./problems";
import type { Config } from "./schema";

/**
 * A rule about several values at once. `isValid` reports whether no problem was found at these (dotted) paths. A check reads
 * only values that it has asked about, because an invalid value may have any type.
 */
export type Check = (config: Config, isValid: (...paths: readonly string[]) => boolean) => readonly ConfigProblem[];
