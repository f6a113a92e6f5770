import type { EmbeddedDatabase } from "../../../api/src/dev/embedded-database";
import { startDatabase, startTestService, type Answer, type TestService } from "../support/running-service";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const NOBODY = "00000000-0000-4000-8000-000000000000";
const START = Date.parse("2026-11-23T12:00:00.000Z");

let database: EmbeddedDatabase;
let service: TestService;
let now = START;

beforeAll(async () => {
  database = await startDatabase();
  service = await startTestService(database, {}, { now: () => now });
});

afterAll(async () => {
  await service.stop();
  await database.close();
});

beforeEach(() => {
  now = START;
});

const patch = (id: string, ifMatch: string | undefined, json: unknown): Promise<Answer> =>
  service.request("PATCH", `/tasks/${id}`, {
    json,
    ...(ifMatch !== undefined && { headers: { "if-match": ifMatch } }),
  });

describe("creating a task", () => {
  it("answers 201 with the task, its location and its entity tag", async () => {
    const { status, headers, body } = await service.request("POST", "/tasks", {
      json: { title: "Water the plants", description: "The ferns too", status: "doing" },
    });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(UUID) as string,
      title: "Water the plants",
      description: "The ferns too",
      status: "doing",
      createdAt: "2026-11-23T12:00:00.000Z",
      updatedAt: "2026-11-23T12:00:00.000Z",
      version: 1,
    });
    expect(headers.get("location")).toBe(`/tasks/${String(body["id"])}`);
    expect(headers.get("etag")).toBe('"1"');
  });

  it("starts as todo, without a description", async () => {
    const task = await service.newTask({ title: "Water the plants" });
    expect(task).toMatchObject({ status: "todo" });
    expect(task).not.toHaveProperty("description");
  });

  it("takes a title of 200 and a description of 2000 characters, however many bytes those are", async () => {
    const task = { title: "🐤".repeat(200), description: "é".repeat(2000) };
    await expect(service.newTask(task)).resolves.toMatchObject(task);
  });

  it.each([
    ["no title", {}, [{ field: "title", message: "is required: text of 1 to 200 characters, not blank" }]],
    ["an empty title", { title: "" }, [{ field: "title", message: "must be text of 1 to 200 characters, not blank" }]],
    [
      "a blank title",
      { title: " \n" },
      [{ field: "title", message: "must be text of 1 to 200 characters, not blank" }],
    ],
    [
      "a title of 201 characters",
      { title: "a".repeat(201) },
      [{ field: "title", message: "must be text of 1 to 200 characters, not blank" }],
    ],
    [
      "a title that is half a character",
      { title: "\ud83d" },
      [{ field: "title", message: "must be text of 1 to 200 characters, not blank" }],
    ],
    [
      "a title that is a number",
      { title: 7 },
      [{ field: "title", message: "must be text of 1 to 200 characters, not blank" }],
    ],
    [
      "a description of 2001 characters",
      { title: "a", description: "a".repeat(2001) },
      [{ field: "description", message: "must be text of at most 2000 characters" }],
    ],
    [
      "an unknown status",
      { title: "a", status: "later" },
      [{ field: "status", message: "must be one of todo, doing, done" }],
    ],
    ["a field of its own", { title: "a", owner: "me" }, [{ field: "owner", message: "is not a known field" }]],
    ["a version", { title: "a", version: 3 }, [{ field: "version", message: "is not a known field" }]],
  ])("is refused with %s, naming the field", async (_what, json, errors) => {
    const { status, body } = await service.request("POST", "/tasks", { json });
    expect(status).toBe(400);
    expect(body["errors"]).toEqual(errors);
  });

  it("names all failing fields at once", async () => {
    const { body } = await service.request("POST", "/tasks", { json: { status: "x", owner: 1 } });
    expect((body["errors"] as { field: string }[]).map(({ field }) => field).sort()).toEqual([
      "owner",
      "status",
      "title",
    ]);
  });
});

describe("reading a task", () => {
  it("gives the task and its entity tag", async () => {
    const task = await service.newTask();
    const { status, headers, body } = await service.get(`/tasks/${task.id}`);
    expect({ status, etag: headers.get("etag"), body }).toEqual({ status: 200, etag: '"1"', body: task });
  });

  it.each([NOBODY, "7", "%ff", NOBODY.replace("0", "G"), NOBODY.replace("4", "1")])(
    "answers 404 for %s",
    async (id) => {
      expect((await service.get(`/tasks/${id}`)).status).toBe(404);
    },
  );
});

describe("changing a task", () => {
  it("changes the given fields, increments the version and sets the time", async () => {
    const task = await service.newTask({ title: "Water the plants", description: "All" });
    now = START + 60_000;
    const { status, headers, body } = await patch(task.id, '"1"', { status: "done" });
    expect({ status, etag: headers.get("etag") }).toEqual({ status: 200, etag: '"2"' });
    expect(body).toEqual({ ...task, status: "done", version: 2, updatedAt: "2026-11-23T12:01:00.000Z" });
    expect((await service.get(`/tasks/${task.id}`)).body).toEqual(body);
  });

  it("removes the description with null", async () => {
    const task = await service.newTask({ title: "Water the plants", description: "All" });
    expect((await patch(task.id, '"1"', { description: null })).body).not.toHaveProperty("description");
  });

  it("accepts one of two writes of the same version, and reports the conflict to the other", async () => {
    const task = await service.newTask();
    const titles = ["Mine", "Yours"];
    const answers = await Promise.all(titles.map((title) => patch(task.id, '"1"', { title })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
    const winner = answers.findIndex(({ status }) => status === 200);
    expect((await service.get(`/tasks/${task.id}`)).body).toMatchObject({ title: titles[winner], version: 2 });
    expect(answers[1 - winner]?.headers.get("etag")).toBe('"2"');
  });

  it("loses no increment when many writers retry until they succeed", async () => {
    const task = await service.newTask({ title: "0" });
    const raise = async (): Promise<void> => {
      for (;;) {
        const read = await service.get(`/tasks/${task.id}`);
        const title = String(Number(read.body["title"]) + 1);
        const { status } = await patch(task.id, read.headers.get("etag") ?? "", { title });
        if (status === 200) return;
        expect(status).toBe(412);
      }
    };
    await Promise.all(Array.from({ length: 8 }, raise));
    expect((await service.get(`/tasks/${task.id}`)).body).toMatchObject({ title: "8", version: 9 });
  });

  it.each([
    ["without If-Match", undefined, 428],
    ["with If-Match: *", "*", 428],
    ["with an If-Match that cannot be read", "1", 400],
    ["with an empty If-Match", "", 400],
    ["with the tag of another version", '"2"', 412],
    ["with a weak tag", 'W/"1"', 412],
  ])("is refused %s and changes nothing", async (_what, ifMatch, status) => {
    const task = await service.newTask();
    expect((await patch(task.id, ifMatch, { title: "Mine" })).status).toBe(status);
    expect((await service.get(`/tasks/${task.id}`)).body).toEqual(task);
  });

  it.each([
    ["without a field", {}, "body"],
    ["with an id", { id: NOBODY }, "id"],
    ["with a title of null", { title: null }, "title"],
  ])("is refused %s", async (_what, json, field) => {
    const task = await service.newTask();
    const { status, body } = await patch(task.id, '"1"', json);
    expect(status).toBe(400);
    expect(body["errors"]).toEqual([expect.objectContaining({ field })]);
  });

  it.each(['"1"', '"elsewhere"'])("answers 404 for a task that is not there, If-Match %s", async (ifMatch) => {
    expect((await patch(NOBODY, ifMatch, { title: "Mine" })).status).toBe(404);
  });
});

describe("deleting a task", () => {
  const remove = (id: string, headers: Record<string, string> = {}) =>
    service.request("DELETE", `/tasks/${id}`, { headers });

  it("answers 204, and 404 from then on", async () => {
    const task = await service.newTask();
    const { status, text } = await remove(task.id);
    expect({ status, text }).toEqual({ status: 204, text: "" });
    expect((await service.get(`/tasks/${task.id}`)).status).toBe(404);
    expect((await remove(task.id)).status).toBe(404);
  });

  it("honours If-Match when it is given", async () => {
    const task = await service.newTask();
    expect((await remove(task.id, { "if-match": '"2"' })).status).toBe(412);
    expect((await remove(task.id, { "if-match": 'W/"1"' })).status).toBe(412);
    expect((await remove(task.id, { "if-match": '"1"' })).status).toBe(204);
  });

  it.each(["", "1"])("is refused with an If-Match of %p, and deletes nothing", async (ifMatch) => {
    const task = await service.newTask();
    expect((await remove(task.id, { "if-match": ifMatch })).status).toBe(400);
    expect((await service.get(`/tasks/${task.id}`)).status).toBe(200);
  });

  it("is not brought back by a change that comes too late", async () => {
    const task = await service.newTask();
    await remove(task.id);
    expect((await patch(task.id, '"1"', { title: "Still here" })).status).toBe(404);
    expect((await service.get(`/tasks/${task.id}`)).status).toBe(404);
  });
});
