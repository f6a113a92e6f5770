import type { EmbeddedDatabase } from "../../../api/src/dev/embedded-database";
import { Switchboard } from "../../../api/src/faults/switchboard";
import { healthStatus } from "../../../api/src/http/health";
import { Lifecycle } from "../../../api/src/lifecycle";
import { startDatabase, startTestService, type TestService } from "../support/running-service";

describe("what the health check says", () => {
  const board = (unhealthy: boolean) => {
    const switchboard = new Switchboard(undefined, () => 0);
    switchboard.setUnhealthy(unhealthy);
    return switchboard;
  };

  it("is the phase of the process first, then the simulated health", () => {
    const lifecycle = new Lifecycle();
    expect(healthStatus(lifecycle, board(true))).toBe("starting");
    lifecycle.ready();
    expect(healthStatus(lifecycle, board(false))).toBe("ok");
    expect(healthStatus(lifecycle, board(true))).toBe("unhealthy");
    lifecycle.drain();
    expect(healthStatus(lifecycle, board(false))).toBe("draining");
  });

  it("never goes from draining back to ok", () => {
    const lifecycle = new Lifecycle();
    lifecycle.drain();
    lifecycle.ready();
    expect(healthStatus(lifecycle, board(false))).toBe("draining");
  });
});

describe("GET /health", () => {
  let database: EmbeddedDatabase;
  let service: TestService;
  let uptime = 0;

  beforeAll(async () => {
    database = await startDatabase();
    service = await startTestService(
      database,
      { simulate: { name: "unhealthy", after: 60 } },
      { uptimeSeconds: () => uptime },
    );
  });

  afterAll(async () => {
    await service.stop();
    await database.close();
  });

  it("answers 200 with version and uptime, not to be cached", async () => {
    uptime = 12.7;
    const { status, headers, body } = await service.get("/health");
    expect(status).toBe(200);
    expect(body).toEqual({ status: "ok", version: "v7", uptimeSeconds: 12 });
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-release-version")).toBe("v7");
  });

  it("answers HEAD without a body", async () => {
    uptime = 12;
    const { status, text } = await service.request("HEAD", "/health");
    expect({ status, text }).toEqual({ status: 200, text: "" });
  });

  it("answers 503 once the environment's fault is due, while tasks are served on", async () => {
    uptime = 60;
    const { status, body } = await service.get("/health");
    expect({ status, body }).toEqual({ status: 503, body: { status: "unhealthy", version: "v7", uptimeSeconds: 60 } });
    expect((await service.get("/tasks")).status).toBe(200);
  });
});
