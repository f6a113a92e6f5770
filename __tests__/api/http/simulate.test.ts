import type { EmbeddedDatabase } from "../../../api/src/dev/embedded-database";
import { startDatabase, startTestService, type TestService } from "../support/running-service";

const ROUTES = ["unhealthy/true", "unhealthy/false", "crash/true", "crash/false", "error", "exit"];

let database: EmbeddedDatabase;
let service: TestService;

beforeAll(async () => {
  database = await startDatabase();
});

afterAll(() => database.close());

afterEach(() => service.stop());

describe("without a token in the environment", () => {
  it.each(ROUTES)("there is no /simulate/%s", async (route) => {
    service = await startTestService(database, { simulateToken: undefined });
    expect((await service.simulate(route)).status).toBe(404);
    expect(service.exits).toEqual([]);
  });
});

describe("with a token in the environment", () => {
  it.each(ROUTES)("/simulate/%s is refused without it, or with another, and nothing happens", async (route) => {
    service = await startTestService(database);
    for (const token of ["", "a-token-for-the-test", "a-token-for-the-testz"]) {
      const answer = await service.request("POST", `/simulate/${route}`, { headers: { "x-simulate-token": token } });
      expect(answer.status).toBe(403);
      expect(answer.headers.get("content-type")).toContain("application/problem+json");
    }
    expect((await service.get("/health")).status).toBe(200);
    expect((await service.get("/tasks")).status).toBe(200);
    expect(service.exits).toEqual([]);
  });

  it("unhealthy/true makes health fail until unhealthy/false", async () => {
    service = await startTestService(database);
    expect((await service.simulate("unhealthy/true")).body).toEqual({ unhealthy: true });
    expect((await service.get("/health")).status).toBe(503);
    expect((await service.simulate("unhealthy/false")).body).toEqual({ unhealthy: false });
    expect((await service.get("/health")).status).toBe(200);
  });

  it("crash/true makes task requests fail or take over 2 s until crash/false, and leaves health alone", async () => {
    const chances = [0, 0.1, 0, 0.9];
    service = await startTestService(database, {}, { random: () => chances.shift() ?? Number.NaN });
    await service.simulate("crash/true");
    expect((await service.get("/tasks")).status).toBe(500);
    expect((await service.get("/tasks")).status).toBe(200);
    expect(service.delays).toEqual([2500]);
    expect((await service.get("/health")).status).toBe(200);
    await service.simulate("crash/false");
    expect((await service.get("/tasks")).status).toBe(200);
  });

  it("error answers this one request with 500, or slowly", async () => {
    service = await startTestService(database, {}, { random: () => 0.9 });
    expect((await service.simulate("error?mode=error")).status).toBe(500);
    expect(service.delays).toEqual([]);
    expect((await service.simulate("error?mode=slow")).status).toBe(200);
    expect((await service.simulate("error")).body).toEqual({ mode: "slow" });
    expect(service.delays).toEqual([2500, 2500]);
    expect((await service.get("/tasks")).status).toBe(200);
  });

  it("exit answers, then ends the process with 1", async () => {
    service = await startTestService(database);
    expect((await service.simulate("exit")).status).toBe(202);
    expect(service.exits).toEqual([1]);
  });

  it.each([
    ["unhealthy/maybe", "on"],
    ["crash/1", "on"],
    ["error?mode=loud", "mode"],
  ])("%s is refused, naming the field", async (route, field) => {
    service = await startTestService(database);
    const { status, body } = await service.simulate(route);
    expect(status).toBe(400);
    expect(body["errors"]).toEqual([expect.objectContaining({ field })]);
  });
});

describe("with a fault in the environment", () => {
  it("error fails task requests and writes nothing", async () => {
    service = await startTestService(database, { simulate: { name: "error", rate: 1 } });
    const before = await startTestService(database);
    const answer = await service.request("POST", "/tasks", { json: { title: "never written" } });
    expect(answer.status).toBe(500);
    expect(answer.body).toMatchObject({ title: "Internal Server Error", status: 500 });
    expect((await before.get("/tasks")).text).not.toContain("never written");
    await before.stop();
  });

  it("slow delays task requests, which then succeed", async () => {
    service = await startTestService(database, { simulate: { name: "slow", ms: 150, rate: 1 } });
    await service.newTask();
    expect((await service.get("/health")).status).toBe(200);
    expect(service.delays).toEqual([150]);
  });

  it("slow waits by the clock by default", async () => {
    const slow = { name: "slow", ms: 30, rate: 1 } as const;
    service = await startTestService(database, { simulate: slow }, { delay: undefined });
    const order: string[] = [];
    setTimeout(() => order.push("less"), 20);
    await service.get("/tasks");
    expect(order).toEqual(["less"]);
  });

  it("needs no token", async () => {
    service = await startTestService(database, { simulateToken: undefined, simulate: { name: "error", rate: 1 } });
    expect((await service.get("/tasks")).status).toBe(500);
  });
});
