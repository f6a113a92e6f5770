import type { Row } from "../in-place";
import { GATE_ROWS } from "./gate";
import { IDENTITY_ROWS } from "./identity";
import { LOAD_BALANCING_ROWS } from "./load-balancing";
import { NETWORK_ROWS } from "./network";
import { SERVICE_ROWS } from "./service";
import { STORAGE_ROWS } from "./storage";

/** Every row: what is said of an attribute that changes in place. */
export const ROWS: readonly Row[] = [
  ...[LOAD_BALANCING_ROWS, SERVICE_ROWS, GATE_ROWS, NETWORK_ROWS, STORAGE_ROWS, IDENTITY_ROWS].flat(),
];
