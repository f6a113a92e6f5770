import type { EmbeddedDatabase } from "../../../api/src/dev/embedded-database";
import { DatabaseProxy } from "../support/database-proxy";
import { startDatabase, startTestService, type Answer, type TestService } from "../support/running-service";

const NOBODY = "00000000-0000-4000-8000-000000000000";

let database: EmbeddedDatabase;
let proxy: DatabaseProxy;
/** Reaches the database through the proxy. */
let service: TestService;
/** Another task of the same service, which reaches the database itself. */
let other: TestService;

beforeEach(async () => {
  database = await startDatabase();
  proxy = await DatabaseProxy.start(database);
  service = await startTestService(proxy);
  other = await startTestService(database);
});

afterEach(async () => {
  await Promise.all([service.stop(), other.stop()]);
  await proxy.close();
  await database.close();
});

/** Loses the answers to the first `times` of an operation, after `meanwhile` was done. */
function loseAnswers(operation: string, meanwhile: () => Promise<unknown> = () => Promise.resolve(), times = 1): void {
  let lost = 0;
  proxy.fate = async (done) => {
    if (done !== operation || lost === times) return "answer";
    lost += 1;
    await meanwhile();
    return "drop";
  };
}

const patch = (by: TestService, id: string, version: number, json: unknown): Promise<Answer> =>
  by.request("PATCH", `/tasks/${id}`, { json, headers: { "if-match": `"${version}"` } });

const items = async () => (await other.get("/tasks")).body["items"] as { readonly id: string }[];

/** The only task there is. */
async function theTask(): Promise<string> {
  const [task] = await items();
  return task?.id ?? "";
}

describe("reading a task", () => {
  it("sees every write that was acknowledged", async () => {
    await service.get(`/tasks/${NOBODY}`);
    expect(proxy.done).toEqual([
      { operation: "GetItem", input: expect.objectContaining({ ConsistentRead: true }) as object },
    ]);
  });
});

describe("creating a task, when the write succeeded and its response was lost", () => {
  it("returns the written task, which is written once", async () => {
    loseAnswers("PutItem");
    const { status, body } = await service.request("POST", "/tasks", { json: { title: "Water the plants" } });
    expect({ status, items: await items() }).toEqual({ status: 201, items: [body] });
  });

  it("loses no change that another has made meanwhile", async () => {
    let change: Answer | undefined;
    loseAnswers("PutItem", async () => (change = await patch(other, await theTask(), 1, { title: "Changed" })));
    const { status, body } = await service.request("POST", "/tasks", { json: { title: "Water the plants" } });
    expect([status, change?.status]).toEqual([201, 200]);
    expect(body).toMatchObject({ title: "Water the plants", version: 1 });
    expect((await other.get(`/tasks/${String(body["id"])}`)).body).toEqual(change?.body);
  });

  it("does not bring back a task that another has deleted meanwhile", async () => {
    let deleted = "";
    loseAnswers("PutItem", async () => {
      deleted = await theTask();
      await other.request("DELETE", `/tasks/${deleted}`);
    });
    const { status, body } = await service.request("POST", "/tasks", { json: { title: "Water the plants" } });
    expect(status).toBe(201);
    expect(body["id"]).not.toBe(deleted);
    expect((await other.get(`/tasks/${deleted}`)).status).toBe(404);
  });

  it("answers 503 when the outcome stays unknown", async () => {
    proxy.fate = () => "drop";
    expect((await service.request("POST", "/tasks", { json: { title: "Water the plants" } })).status).toBe(503);
    expect(proxy.done.filter(({ operation }) => operation === "PutItem")).toHaveLength(1);
  });

  it("gives up in the end", async () => {
    loseAnswers("PutItem", async () => other.request("DELETE", `/tasks/${await theTask()}`), 99);
    expect((await service.request("POST", "/tasks", { json: { title: "Water the plants" } })).status).toBe(503);
    expect(await items()).toEqual([]);
  });
});

describe("changing a task, when the write succeeded and its response was lost", () => {
  it("is no conflict: it returns the changed task", async () => {
    const { id } = await service.newTask();
    loseAnswers("UpdateItem");
    const { status, headers, body } = await patch(service, id, 1, { title: "Mine" });
    expect({ status, etag: headers.get("etag") }).toEqual({ status: 200, etag: '"2"' });
    expect(body).toMatchObject({ title: "Mine", version: 2 });
    expect((await other.get(`/tasks/${id}`)).body).toEqual(body);
  });

  it("is a conflict when another write came before", async () => {
    const { id } = await service.newTask();
    await patch(other, id, 1, { title: "Theirs" });
    loseAnswers("UpdateItem");
    expect((await patch(service, id, 1, { title: "Mine" })).status).toBe(412);
    expect((await other.get(`/tasks/${id}`)).body).toMatchObject({ title: "Theirs", version: 2 });
  });

  it("is reported as unknown when others have changed it since", async () => {
    const { id } = await service.newTask();
    loseAnswers("UpdateItem", () => patch(other, id, 2, { title: "Theirs" }));
    const { status, headers, body } = await patch(service, id, 1, { title: "Mine" });
    expect({ status, etag: headers.get("etag") }).toEqual({ status: 503, etag: '"3"' });
    expect(body["detail"]).toMatch(/may have been made/);
  });

  it("answers 404 when another has deleted it since", async () => {
    const { id } = await service.newTask();
    loseAnswers("UpdateItem", () => other.request("DELETE", `/tasks/${id}`));
    expect((await patch(service, id, 1, { title: "Mine" })).status).toBe(404);
  });

  it("is still a conflict when the first response came, for any older version", async () => {
    const { id } = await service.newTask();
    for (const version of [1, 2, 3]) await patch(other, id, version, { title: "Theirs" });
    expect((await patch(service, id, 1, { title: "Mine" })).status).toBe(412);
  });
});

describe("deleting a task, when the write succeeded and its response was lost", () => {
  it.each<Record<string, string>>([{}, { "if-match": '"1"' }])("is answered as done, with %p", async (headers) => {
    const { id } = await service.newTask();
    loseAnswers("DeleteItem");
    expect((await service.request("DELETE", `/tasks/${id}`, { headers })).status).toBe(204);
    expect((await other.get(`/tasks/${id}`)).status).toBe(404);
  });

  it("is refused when the task has changed", async () => {
    const { id } = await service.newTask();
    await patch(other, id, 1, { title: "Theirs" });
    loseAnswers("DeleteItem");
    expect((await service.request("DELETE", `/tasks/${id}`, { headers: { "if-match": '"1"' } })).status).toBe(412);
  });

  it("answers 404 for a task that was never there", async () => {
    expect((await service.request("DELETE", `/tasks/${NOBODY}`)).status).toBe(404);
  });
});
