import type { Case } from "./case";
import { ALARMS } from "./alarms";
import { ALARM_METRICS } from "./alarm-metrics";
import { BESIDE } from "./beside";
import { CAPACITY } from "./capacity";
import { CONTAINERS } from "./containers";
import { GROUPS } from "./deployment-group";
import { FIREWALLS } from "./firewall";
import { GATES } from "./gate";
import { HEALTH_CHECKS } from "./health-check";
import { LISTENERS } from "./listener";
import { LOSSES } from "./loss";
import { OPENINGS } from "./openings";
import { PERMISSIONS } from "./permissions";
import { PROTECTIONS } from "./protections";
import { RETENTION } from "./retention";
import { RIGHTS } from "./rights";
import { ROW_CASES } from "./rows";
import { TAKE_OVERS } from "./takes-over";
import { TRAFFIC } from "./traffic";

/** Every case. */
export const CASES: readonly Case[] = [
  ...[LOSSES, TRAFFIC, RETENTION, ALARMS, ALARM_METRICS, HEALTH_CHECKS, GROUPS],
  ...[OPENINGS, PERMISSIONS, LISTENERS, PROTECTIONS, FIREWALLS, CONTAINERS, ROW_CASES],
  ...[BESIDE, CAPACITY, GATES, RIGHTS, TAKE_OVERS],
].flat();
