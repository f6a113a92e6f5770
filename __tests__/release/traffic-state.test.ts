import type { ReleaseVerdict } from "../../scripts/release/outcome";
import { reportLines } from "../../scripts/release/render/report-lines";
import { reportVerdict } from "../../scripts/release/report";
import type { Snapshot, TargetView } from "../../scripts/release/snapshot";
import { DEPLOYMENT, ROLLBACK, snapshot, target } from "./fakes";

/** Each closing sentence needs an observation. */

const STEPS_UNREAD = [{ part: "steps", why: "throttled" }] as const;
const ROLLED_BACK: ReleaseVerdict = { outcome: "rolled-back" };
const INTERRUPTED: ReleaseVerdict = { outcome: "interrupted", because: "rolled-back" };
const NOT_ROLLED_BACK: ReleaseVerdict = { outcome: "failed", because: "no-rollback" };
const ROLLBACK_FAILED: ReleaseVerdict = { outcome: "failed", because: "rollback-failed" };

const closing = (verdict: ReleaseVerdict, seen: Partial<Snapshot>) => {
  const rollback = verdict === NOT_ROLLED_BACK ? {} : { rollbackId: ROLLBACK };
  const status = verdict.outcome === "released" ? "Succeeded" : "Stopped";
  const ended = snapshot({ deployment: { id: DEPLOYMENT, status, ...rollback }, ...seen });
  return reportLines(reportVerdict(verdict, ended)).join("\n");
};
/** The target with this number of running tasks of a version. */
const running = (seen: TargetView, label: "Blue" | "Green", count: number): TargetView => ({
  ...seen,
  taskSets: seen.taskSets.map((set) => (set.label === label ? { ...set, running: count } : set)),
});
const bare = (seen: TargetView): TargetView => ({ ...seen, taskSets: [] });

const SHIFTED = { Install: "Succeeded", AllowTraffic: "Failed" };
const NEVER_SHIFTED = { Install: "Failed", AllowTraffic: "Skipped" };
const BACK = target(SHIFTED);
const SPLIT = target(SHIFTED, 10);
const NEVER_MOVED = target(NEVER_SHIFTED);

/** Every sentence about the state; a report has only those that are listed for it. */
const SENTENCES = {
  allOnOld: /the old version has all traffic/,
  nothingServes: /no request is answered/,
  neverMoved: /traffic never moved/,
  nothingInstalled: /nothing was installed; production is as it was/,
  shareOnNew: /\d+ % of the production traffic is on the new version/,
  mayBeOnNew: /traffic may be on the new version/,
  mayBeSplit: /traffic may be split/,
  lastSeen: /last seen as 90 % old version, 10 % new version/,
  notSeen: /where the traffic goes was not seen/,
} as const;
type Sentence = keyof typeof SENTENCES;

describe("the closing sentences state only what was seen", () => {
  it.each<readonly [string, ReleaseVerdict, Partial<Snapshot>, readonly Sentence[]]>([
    ["a rollback, seen back", ROLLED_BACK, { target: BACK }, ["allOnOld"]],
    [
      "a rollback, and no request is answered",
      ROLLED_BACK,
      { target: running(BACK, "Blue", 0) },
      ["allOnOld", "nothingServes"],
    ],
    ["a rollback, still seen split", ROLLED_BACK, { target: SPLIT }, ["lastSeen"]],
    ["a rollback, steps unread since", ROLLED_BACK, { target: SPLIT, unread: STEPS_UNREAD }, ["lastSeen"]],
    ["a rollback, never seen", ROLLED_BACK, {}, ["notSeen"]],
    ["a rollback, weights never seen", ROLLED_BACK, { target: bare(BACK) }, ["notSeen"]],
    ["a rollback before any shift, weights never seen", ROLLED_BACK, { target: bare(NEVER_MOVED) }, ["allOnOld"]],
    ["a stop by the person, seen back", INTERRUPTED, { target: BACK }, ["allOnOld"]],
    ["a stop by the person, never seen", INTERRUPTED, {}, ["notSeen"]],
    ["no rollback, never installed", NOT_ROLLED_BACK, { target: target({ Install: "Skipped" }) }, ["nothingInstalled"]],
    ["no rollback, never begun", NOT_ROLLED_BACK, {}, ["nothingInstalled"]],
    ["no rollback, Install not told", NOT_ROLLED_BACK, { target: bare(target({})) }, ["mayBeOnNew", "notSeen"]],
    ["no rollback, Install unknown", NOT_ROLLED_BACK, { target: target({ Install: "Unknown" }, 10) }, ["shareOnNew"]],
    ["no rollback, never moved", NOT_ROLLED_BACK, { target: NEVER_MOVED }, ["neverMoved"]],
    ["no rollback, steps unread", NOT_ROLLED_BACK, { unread: STEPS_UNREAD }, ["mayBeOnNew", "notSeen"]],
    [
      "no rollback, never moved as far as read",
      NOT_ROLLED_BACK,
      { target: bare(NEVER_MOVED), unread: STEPS_UNREAD },
      ["mayBeOnNew", "notSeen"],
    ],
    ["no rollback, split", NOT_ROLLED_BACK, { target: SPLIT }, ["shareOnNew"]],
    ["no rollback, all on the new one", NOT_ROLLED_BACK, { target: target(SHIFTED, 100) }, ["shareOnNew"]],
    ["no rollback, but traffic is back", NOT_ROLLED_BACK, { target: BACK }, ["allOnOld"]],
    ["no rollback, moved, weights not seen", NOT_ROLLED_BACK, { target: bare(BACK) }, ["mayBeOnNew", "notSeen"]],
    ["a failed rollback, split", ROLLBACK_FAILED, { target: SPLIT }, ["mayBeSplit", "lastSeen"]],
    ["a failed rollback, never moved", ROLLBACK_FAILED, { target: NEVER_MOVED }, ["neverMoved"]],
    [
      "a failed rollback, never moved, weights not seen",
      ROLLBACK_FAILED,
      { target: bare(NEVER_MOVED) },
      ["neverMoved"],
    ],
    [
      "a failed rollback, never moved as far as read",
      ROLLBACK_FAILED,
      { target: bare(NEVER_MOVED), unread: STEPS_UNREAD },
      ["mayBeSplit", "notSeen"],
    ],
    ["a failed rollback, weights not seen", ROLLBACK_FAILED, { target: bare(BACK) }, ["mayBeSplit", "notSeen"]],
    ["a failed rollback, seen back", ROLLBACK_FAILED, { target: BACK }, ["allOnOld"]],
    [
      "a failed rollback that was attached to: its own steps say nothing of the shift",
      ROLLBACK_FAILED,
      { deployment: { id: ROLLBACK, status: "Failed", rollbackOf: DEPLOYMENT }, target: bare(NEVER_MOVED) },
      ["mayBeSplit", "notSeen"],
    ],
    ["a release", { outcome: "released" }, { target: target({ AllowTraffic: "Succeeded" }, 100) }, []],
    [
      "a release, and no request is answered",
      { outcome: "released" },
      { target: running(target({ AllowTraffic: "Succeeded" }, 100), "Green", 0) },
      ["nothingServes"],
    ],
    [
      "a release, tasks unread",
      { outcome: "released" },
      { target: running(target({}, 100), "Green", 0), unread: STEPS_UNREAD },
      [],
    ],
  ])("after %s", (_, verdict, seen, expected) => {
    const text = closing(verdict, seen);
    const said = (Object.keys(SENTENCES) as Sentence[]).filter((sentence) => SENTENCES[sentence].test(text));
    expect(said.toSorted()).toEqual([...expected].toSorted());
  });
});
