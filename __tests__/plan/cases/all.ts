import type { Case } from "./case";
import { ALARMS } from "./alarms";
import { ALARM_LIMITS } from "./alarm-limits";
import { ALARM_METRICS } from "./alarm-metrics";
import { ADDITIONS } from "./additions";
import { CAPACITY } from "./capacity";
import { CLOSED_PORTS } from "./closed-ports";
import { COMPOSITE_ALARMS } from "./composite-alarms";
import { CONTAINERS } from "./containers";
import { DNS } from "./dns";
import { GROUPS } from "./deployment-group";
import { FIREWALLS } from "./firewall";
import { HEALTH_CHECKS } from "./health-check";
import { LISTENERS } from "./listener";
import { LOSSES } from "./loss";
import { OPENED_PORTS } from "./opened-ports";
import { WIDENED_PERMISSIONS } from "./widened-permissions";
import { PUBLIC_ACCESS } from "./public-access";
import { PROTECTIONS } from "./protections";
import { RETENTION } from "./retention";
import { LOST_PERMISSIONS } from "./lost-permissions";
import { ATTRIBUTES } from "./attributes";
import { EXCLUSIVE_RESOURCES } from "./exclusive-resources";
import { TOKEN_TRUST } from "./token-trust";
import { TRAFFIC } from "./traffic";

/** Every case. */
export const CASES: readonly Case[] = [
  ...[LOSSES, TRAFFIC, RETENTION, ALARMS, ALARM_METRICS, ALARM_LIMITS, HEALTH_CHECKS, GROUPS],
  ...[
    OPENED_PORTS,
    CLOSED_PORTS,
    WIDENED_PERMISSIONS,
    TOKEN_TRUST,
    LISTENERS,
    PROTECTIONS,
    FIREWALLS,
    CONTAINERS,
    ATTRIBUTES,
  ],
  ...[ADDITIONS, CAPACITY, COMPOSITE_ALARMS, LOST_PERMISSIONS, EXCLUSIVE_RESOURCES, DNS, PUBLIC_ACCESS],
].flat();
