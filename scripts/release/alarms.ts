import type { CompositeAlarm, MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { UnreadableAnswer } from "../command/aws-answers";
import { alarmsInRule, isComposite } from "./alarm-scope";
import type { AwsPort } from "./aws-port";
import type { AlarmView } from "./snapshot";

/**
 * Largest number of names in one call:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html (AlarmNames)
 */
const NAMES_PER_CALL = 100;
/** More pages than alarms in a call. */
const PAGE_LIMIT = NAMES_PER_CALL + 1;

/** An alarm: its state, and its definition as CloudWatch describes it. */
export interface DescribedAlarm {
  readonly view: AlarmView;
  readonly definition: MetricAlarm | CompositeAlarm;
}

/**
 * The states of metric and composite alarms, in the order of `names`. Alarms that don't exist are left out.
 *
 * @throws what DescribeAlarms throws
 */
export async function readAlarms(aws: AwsPort, names: readonly string[]): Promise<readonly AlarmView[]> {
  return (await describeAlarms(aws, names)).map(({ view }) => view);
}

/**
 * The states and definitions of metric and composite alarms, in the order of `names`. Alarms that don't exist are left out.
 *
 * @throws what DescribeAlarms throws
 */
export async function describeAlarms(aws: AwsPort, names: readonly string[]): Promise<readonly DescribedAlarm[]> {
  const found = new Map<string, DescribedAlarm>();
  for (let first = 0; first < names.length; first += NAMES_PER_CALL) {
    for (const alarm of await describeEach(aws, names.slice(first, first + NAMES_PER_CALL))) {
      if (alarm.AlarmName === undefined) continue;
      const since = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp;
      const view = {
        name: alarm.AlarmName,
        state: alarm.StateValue ?? "INSUFFICIENT_DATA",
        ...(alarm.StateReason !== undefined && { reason: alarm.StateReason }),
        ...(since && { since: since.getTime() }),
      };
      found.set(alarm.AlarmName, { view, definition: alarm });
    }
  }
  return names.flatMap((name) => found.get(name) ?? []);
}

/** Composite alarms are followed this deep into their rules. Nobody nests deeper; a limit keeps the checks short. */
const RULE_DEPTH = 5;

/**
 * The definitions of the alarms that the rules of composite alarms name, directly or through other composite alarms, by name.
 * Alarms that don't exist are left out.
 *
 * @throws what DescribeAlarms throws
 */
export async function describeChildren(
  aws: AwsPort,
  alarms: readonly DescribedAlarm[],
): Promise<ReadonlyMap<string, DescribedAlarm["definition"]>> {
  const known = new Map(alarms.map(({ view, definition }) => [view.name, definition]));
  let latest = alarms;
  for (let depth = 0; depth < RULE_DEPTH; depth += 1) {
    const named = latest.flatMap(({ definition }) =>
      isComposite(definition) ? alarmsInRule(definition.AlarmRule) : [],
    );
    const missing = [...new Set(named)].filter((name) => !known.has(name));
    if (missing.length === 0) break;
    latest = await describeAlarms(aws, missing);
    latest.forEach(({ view, definition }) => known.set(view.name, definition));
  }
  return known;
}

/** Every page about these alarms, of which there may be several: CloudWatch promises no number of alarms in a page. */
async function describeEach(
  aws: AwsPort,
  AlarmNames: readonly string[],
): Promise<readonly (MetricAlarm | CompositeAlarm)[]> {
  const all: (MetricAlarm | CompositeAlarm)[] = [];
  let NextToken: string | undefined;
  let pages = 0;
  do {
    pages += 1;
    if (pages > PAGE_LIMIT) throw new UnreadableAnswer(`DescribeAlarms answered ${PAGE_LIMIT} pages, and no last one`);
    const page = await aws.describeAlarms({
      AlarmNames: [...AlarmNames],
      // By default CloudWatch returns metric alarms only.
      AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
      MaxRecords: AlarmNames.length,
      ...(NextToken !== undefined && { NextToken }),
    });
    all.push(...(page.MetricAlarms ?? []), ...(page.CompositeAlarms ?? []));
    NextToken = page.NextToken === "" ? undefined : page.NextToken;
  } while (NextToken !== undefined);
  return all;
}

/** The number of alarms in each state, e.g. `6 OK, 2 without data`. Pure. */
export function statesInWords(alarms: readonly AlarmView[]): string {
  const words: Readonly<Record<string, string>> = { ALARM: "in ALARM", INSUFFICIENT_DATA: "without data" };
  const states = ["ALARM", "OK", "INSUFFICIENT_DATA"];
  const others = alarms.map(({ state }) => state).filter((state) => !states.includes(state));
  return [...states, ...new Set(others)]
    .map((state) => ({ state, count: alarms.filter((alarm) => alarm.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${count} ${words[state] ?? state}`)
    .join(", ");
}
