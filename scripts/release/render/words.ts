import { shortDigests } from "../../command/digest";
import type { ReleaseEvent } from "../events";
import type { CanaryVerdict } from "../low-traffic";
import { clockTime } from "../ready-wait";
import type { Snapshot, Unread } from "../snapshot";
import { isEnded, isKeepingOldTaskSet, weightsOf } from "../snapshot";

/** A text on one line: line breaks and control characters become spaces. Texts of AWS may contain them. Pure. */
export function oneLine(text: string): string {
  return text.replace(/\s*[\p{Cc}\u2028\u2029]+\s*/gu, " ");
}

/** A text for people, on one line and with short digests. Not for commands, which people copy. Pure. */
export function forPeople(text: string): string {
  return shortDigests(oneLine(text));
}

/** The name of a part that can't be read, e.g. "the alarms". Pure. */
export function unreadWords({ part }: Unread): string {
  const words = { steps: "the steps", alarms: "the alarms", tasks: "the stopped tasks", messages: "ECS's messages" };
  return words[part];
}

/** Whether the requests of a canary don't show that the new version is good: users sent too few. Pure. */
export function isWeak({
  traffic,
  own,
  mayHaveProbes = false,
}: Pick<CanaryVerdict, "traffic" | "own" | "mayHaveProbes">): boolean {
  return traffic !== "enough" || own?.areNeeded === true || mayHaveProbes;
}

/** Elapsed time as `2:05` or `1:02:05`. Pure. */
export function stopwatch(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  const tail = String(seconds % 60).padStart(2, "0");
  return hours === 0 ? `${minutes}:${tail}` : `${hours}:${String(minutes).padStart(2, "0")}:${tail}`;
}

/** Lines about a wait: its end, what happens then, and how to continue the deployment. Pure. */
export function waitingLines(wait: Extract<ReleaseEvent, { type: "waiting" }>): readonly string[] {
  const until = wait.until === undefined ? "until an unknown time" : `until ${clockTime(wait.until)}`;
  return [
    `${wait.deploymentId} waits for a person, ${until}; then ${wait.unlessContinued}`,
    `continue it with: ${wait.goOn}`,
  ];
}

/** The present phase of the release in a few words. Pure. */
export function phaseOf(snapshot: Snapshot): string {
  const { deployment, rollback } = snapshot;
  if (rollback) return `rolling back with ${rollback.id}: ${rollback.status}`;
  if (isEnded(deployment.status)) return deployment.status;
  if (isKeepingOldTaskSet(snapshot)) return "all traffic moved; the old version is kept for a while";
  if (deployment.status === "Ready") return "waits for a person";
  const weights = weightsOf(snapshot.target);
  const current = snapshot.target?.events.find((event) => event.status === "InProgress");
  if (current?.name === "AllowTraffic" && weights && weights.new > 0 && weights.new < 100) return "canary";
  return current?.name ?? deployment.status;
}
