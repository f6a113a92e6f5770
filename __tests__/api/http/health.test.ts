import type { EmbeddedDatabase } from "../../../api/src/dev/embedded-database";
import { FaultInjector } from "../../../api/src/faults/fault-injector";
import { healthStatus } from "../../../api/src/http/health";
import { Lifecycle } from "../../../api/src/lifecycle";
import { startDatabase, startTestService, type TestService } from "../support/running-service";

describe("the status of the health check", () => {
  const injector = (unhealthy: boolean) => {
    const faultInjector = new FaultInjector(undefined, () => 0);
    faultInjector.setUnhealthy(unhealthy);
    return faultInjector;
  };

  it("is the phase of the process first, then the simulated health", () => {
    const lifecycle = new Lifecycle();
    expect(healthStatus(lifecycle, injector(true))).toBe("starting");
    lifecycle.ready();
    expect(healthStatus(lifecycle, injector(false))).toBe("ok");
    expect(healthStatus(lifecycle, injector(true))).toBe("unhealthy");
    lifecycle.drain();
    expect(healthStatus(lifecycle, injector(false))).toBe("draining");
  });

  it("never goes from draining back to ok", () => {
    const lifecycle = new Lifecycle();
    lifecycle.drain();
    lifecycle.ready();
    expect(healthStatus(lifecycle, injector(false))).toBe("draining");
  });
});

describe("the uptime", () => {
  it("is that of the process by default", async () => {
    const database = await startDatabase();
    const service = await startTestService(database);
    const uptime = jest.spyOn(process, "uptime").mockReturnValue(1234.5);
    expect((await service.get("/health")).body["uptimeSeconds"]).toBe(1234);
    uptime.mockRestore();
    await service.stop();
    await database.close();
  });
});

describe("GET /health", () => {
  let database: EmbeddedDatabase;
  let service: TestService;
  let uptime = 0;

  beforeAll(async () => {
    database = await startDatabase();
    uptime = 100;
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
    uptime = 112.7;
    const { status, headers, body } = await service.get("/health");
    expect(status).toBe(200);
    expect(body).toEqual({ status: "ok", version: "v7", uptimeSeconds: 112 });
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-release-version")).toBe("v7");
  });

  it("answers HEAD without a body", async () => {
    uptime = 112;
    const { status, text } = await service.request("HEAD", "/health");
    expect({ status, text }).toEqual({ status: 200, text: "" });
  });

  it("answers 503 after the delay of the environment's fault, while tasks are still served", async () => {
    uptime = 159;
    expect((await service.get("/health")).status).toBe(200);
    uptime = 160;
    const { status, body } = await service.get("/health");
    expect({ status, body }).toEqual({ status: 503, body: { status: "unhealthy", version: "v7", uptimeSeconds: 160 } });
    expect((await service.get("/tasks")).status).toBe(200);
  });
});
