import { createLog } from "../../api/src/log";
import { shutdown } from "../../api/src/shutdown";
import { Gate } from "./support/gate";
import type { Json } from "./support/running-service";

let lines: Json[];
let exits: number[];
let stopping: Gate;
/** What is to happen later, by the milliseconds until then. */
let later: Map<number, () => void>;

beforeEach(() => {
  lines = [];
  exits = [];
  stopping = new Gate();
  later = new Map();
});

/** A shutdown of 25 seconds of a service that is through with stopping when the gate opens. */
function ofService(starting?: Promise<unknown>) {
  const log = createLog("v7", { write: (line) => void lines.push(JSON.parse(line) as Json) });
  log.level = "silent";
  return shutdown({
    starting: (starting ?? Promise.resolve()).then(() => ({ stop: stopping.pass, requestsInFlight: () => 3 })),
    log,
    timeoutSeconds: 25,
    exit: (code) => void exits.push(code),
    after: (ms, action) => void later.set(ms, action),
  });
}

const messages = () => lines.map(({ msg }) => msg);
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("being asked to stop", () => {
  it("stops the service, then ends with 0, and logs both at every level", async () => {
    ofService()("SIGTERM");
    await stopping.someoneWaits;
    expect(lines).toEqual([expect.objectContaining({ msg: "stopping", signal: "SIGTERM", requestsInFlight: 3 })]);
    expect(exits).toEqual([]);
    stopping.open();
    await turn();
    expect(messages()).toEqual(["stopping", "stopped"]);
    expect(exits).toEqual([0]);
  });

  it("waits for a service that is still starting", async () => {
    const gate = new Gate();
    ofService(gate.pass())("SIGTERM");
    await turn();
    expect([lines, exits]).toEqual([[], []]);
    gate.open();
    await stopping.someoneWaits;
    stopping.open();
    await turn();
    expect(exits).toEqual([0]);
  });

  it("ends with 1 when the stop timeout is over", async () => {
    ofService()("SIGTERM");
    await stopping.someoneWaits;
    later.get(25_000)?.();
    expect(lines.at(-1)).toMatchObject({ msg: "could not stop in time: ending at once", requestsInFlight: 3 });
    expect(exits).toEqual([1]);
  });

  it("ends with 1 at once the second time", async () => {
    const ask = ofService();
    ask("SIGTERM");
    await stopping.someoneWaits;
    ask("SIGINT");
    expect(messages()).toEqual(["stopping", "asked to stop a second time: ending at once"]);
    expect(exits).toEqual([1]);
  });

  it("does not report that the start failed", async () => {
    ofService(Promise.reject(new Error("the port is taken")))("SIGTERM");
    await turn();
    expect([lines, exits]).toEqual([[], []]);
  });
});
