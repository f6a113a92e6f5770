import { startService, type RunningService, type ServiceParts } from "../../api/src/service";
import { SettingsError, type Settings } from "../../api/src/settings";
import { createLog } from "../../api/src/log";
import { tableClient } from "../../api/src/tasks/table-client";
import { Gate } from "./support/gate";
import { settings } from "./support/running-service";

let service: RunningService | undefined;

afterEach(() => service?.stop());

const somewhere = () => Promise.resolve("eu-central-1");

/** Starts the service; it has no database, and its region comes from `region`. */
async function start(
  changes: Partial<Settings>,
  region: () => Promise<string> = somewhere,
  exit: ServiceParts["exit"] = () => undefined,
): Promise<RunningService> {
  const parts: ServiceParts = {
    client: tableClient({ region }),
    log: createLog("v7", { write: () => undefined }),
    exit,
  };
  service = await startService(settings(changes), parts);
  return service;
}

const health = async ({ port }: RunningService) => {
  const answer = await fetch(`http://127.0.0.1:${port}/health`);
  return { status: answer.status, body: await answer.json() };
};

describe("starting", () => {
  it("is the health from the moment it listens until the SDK knows its region", async () => {
    const gate = new Gate();
    const starting = await start({}, () => gate.pass().then(somewhere));
    expect(await health(starting)).toMatchObject({ status: 503, body: { status: "starting" } });
    gate.open();
    await starting.ready;
    expect(await health(starting)).toMatchObject({ status: 200, body: { status: "ok" } });
  });

  it.each([
    ["there is no region", () => Promise.reject(new Error("Region is missing")), "Region is missing"],
    ["the region can be none", () => Promise.resolve("eu central"), 'region="eu central"'],
  ])("is refused when %s", async (_what, region, reason) => {
    const starting = await start({}, region);
    await expect(starting.ready).rejects.toBeInstanceOf(SettingsError);
    await expect(starting.ready).rejects.toThrow(
      "AWS_REGION is not usable: the region of the table, e.g. eu-central-1",
    );
    await expect(starting.ready).rejects.toThrow(reason);
  });

  it("stops normally when it is asked to stop before it is ready, and is not ready then", async () => {
    const gate = new Gate();
    const starting = await start({}, () => gate.pass().then(somewhere));
    const stopped = starting.stop();
    gate.open();
    await starting.ready;
    expect(await health(starting)).toMatchObject({ status: 503, body: { status: "draining" } });
    await stopped;
  });

  it("fails, and listens to nothing, when that is simulated", async () => {
    const region = jest.fn(somewhere);
    await expect(start({ simulate: { name: "broken-start" } }, region)).rejects.toThrow("a simulated broken start");
    expect(region).not.toHaveBeenCalled();
  });
});

describe("the fault exit", () => {
  const simulate = { name: "exit", after: 0 } as const;

  it("ends the process with 1", async () => {
    const code = new Promise((resolve) => void start({ simulate }, somewhere, resolve));
    await expect(code).resolves.toBe(1);
  });

  it("does nothing when the service is asked to stop first", async () => {
    const exit = jest.fn();
    const starting = await start({ simulate }, somewhere, exit);
    // It is due with the next turn of the event loop; stopping takes several.
    await starting.stop();
    expect(exit).not.toHaveBeenCalled();
  });
});
