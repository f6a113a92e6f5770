import type { PlannedRequest, Traffic, TrafficOptions } from "../../scripts/rehearse/traffic-module";
import { checkAnswer } from "./answer-check";
import { Ledger } from "./ledger";
import { chooseOperation } from "./operations";
import { buildRequest } from "./requests";
import { checkWrites } from "./write-check";

/** Reads and writes tasks, and records every acknowledged write, so that the end of a rehearsal shows whether one is lost. */
export function createTraffic({ random }: TrafficOptions): Traffic {
  const ledger = new Ledger();
  let planned = 0;
  let warmUps = 0;
  return {
    next: () => {
      planned += 1;
      return planRequest(ledger, planned, random);
    },
    get acknowledgedWrites() {
      return ledger.acknowledged;
    },
    checkWrites: (send) => checkWrites(ledger, send),
    warmUp: () => {
      warmUps += 1;
      return { name: "list", method: "GET", path: `/tasks?limit=${warmUps}` };
    },
  };
}

function planRequest(ledger: Ledger, number: number, random: () => number): PlannedRequest {
  const entry = ledger.pick(random());
  const operation = chooseOperation(random(), ledger.available);
  const known = entry && entry.acknowledged !== "deleted" ? entry.acknowledged : undefined;
  const { request, expected } = buildRequest(operation, known, number, random());
  if (entry && operation === "patch") ledger.begin(entry, expected);
  if (entry && operation === "delete") ledger.begin(entry, "deleted");
  return {
    request,
    judge: (answer) => {
      const check = checkAnswer(operation, answer, expected, entry);
      // After a refused or failed write, the task stays marked as being written: the write may have happened nevertheless.
      if (check.kind !== "ok") return check;
      if (operation === "create" && check.task) ledger.created(check.task);
      if (operation === "patch" && check.task) ledger.acknowledge(check.task.id, check.task);
      if (operation === "delete" && entry) ledger.acknowledge(entry.id, "deleted");
      return { kind: "ok" };
    },
  };
}
