import type { EmbeddedDatabase } from "../../../api/src/dev/embedded-database";
import { encodeCursor } from "../../../api/src/tasks/cursor";
import { startDatabase, startTestService, type Json, type TestService } from "../support/running-service";

let database: EmbeddedDatabase;
let service: TestService;
let now: number;

beforeEach(async () => {
  now = Date.parse("2026-11-23T12:00:00.000Z");
  database = await startDatabase();
  service = await startTestService(database, {}, { now: () => now });
});

afterEach(async () => {
  await service.stop();
  await database.close();
});

/** Creates tasks titled 1 to `count`, `apartMs` after one another. */
async function create(count: number, apartMs: number): Promise<void> {
  for (let title = 1; title <= count; title += 1) {
    await service.newTask({ title: String(title) });
    now += apartMs;
  }
}

const titles = (body: Json) => (body["items"] as { title: string }[]).map(({ title }) => title);

/** Follows the cursors to the end: the titles, a page each. */
async function pages(limit: number): Promise<string[][]> {
  const seen: string[][] = [];
  let cursor: unknown = "";
  do {
    const query = typeof cursor === "string" && cursor !== "" ? `&cursor=${cursor}` : "";
    const { body } = await service.get(`/tasks?limit=${limit}${query}`);
    seen.push(titles(body));
    cursor = body["nextCursor"];
  } while (cursor !== null);
  return seen;
}

describe("listing tasks", () => {
  it("is an empty page when there are none", async () => {
    const { status, body } = await service.get("/tasks");
    expect({ status, body }).toEqual({ status: 200, body: { items: [], nextCursor: null } });
  });

  it("shows whole tasks, and nothing of how they are stored", async () => {
    const task = await service.newTask({ title: "Water the plants", description: "All" });
    expect((await service.get("/tasks")).body["items"]).toEqual([task]);
  });

  it("goes from the newest to the oldest, page by page, with no empty page at the end", async () => {
    await create(6, 1);
    await expect(pages(4)).resolves.toEqual([
      ["6", "5", "4", "3"],
      ["2", "1"],
    ]);
    await expect(pages(3)).resolves.toEqual([
      ["6", "5", "4"],
      ["3", "2", "1"],
    ]);
  });

  it("shows each task once when many were created in the same millisecond", async () => {
    await create(7, 0);
    const all = await pages(2);
    expect(all.flat().sort()).toEqual(["1", "2", "3", "4", "5", "6", "7"]);
    await expect(pages(2)).resolves.toEqual(all);
  });

  it("neither repeats nor skips the others when tasks come and go between the pages", async () => {
    await create(6, 1);
    const first = await service.get("/tasks?limit=2");
    expect(titles(first.body)).toEqual(["6", "5"]);
    await service.newTask({ title: "newer" });
    const [, last] = first.body["items"] as { id: string }[];
    await service.request("DELETE", `/tasks/${String(last?.id)}`);
    const second = await service.get(`/tasks?limit=2&cursor=${String(first.body["nextCursor"])}`);
    expect(titles(second.body)).toEqual(["4", "3"]);
  });

  it("has 50 tasks on a page by default, and at most 100", async () => {
    await create(101, 1);
    expect(titles((await service.get("/tasks")).body)).toHaveLength(50);
    await expect(pages(100)).resolves.toEqual([expect.any(Array), ["1"]]);
  });

  it.each(["0", "101", "-1", "1.5", "ten", "", "1&limit=2"])("refuses a limit of %p", async (limit) => {
    const { status, body } = await service.get(`/tasks?limit=${limit}`);
    expect(status).toBe(400);
    expect(body["errors"]).toEqual([{ field: "limit", message: "must be a whole number from 1 to 100" }]);
  });

  it.each(["", "2".repeat(3000)])("refuses an invented cursor, with the time %p", async (createdAt) => {
    const cursor = encodeCursor({ createdAt, id: "00000000-0000-4000-8000-000000000000" });
    const { status, body } = await service.get(`/tasks?cursor=${cursor}`);
    expect(status).toBe(400);
    expect(body["errors"]).toEqual([expect.objectContaining({ field: "cursor" })]);
  });

  it("refuses a cursor that was tampered with", async () => {
    await create(2, 1);
    const cursor = String((await service.get("/tasks?limit=1")).body["nextCursor"]);
    const tampered = (cursor.startsWith("A") ? "B" : "A") + cursor.slice(1);
    const { status, body } = await service.get(`/tasks?cursor=${tampered}`);
    expect(status).toBe(400);
    expect(body["errors"]).toEqual([expect.objectContaining({ field: "cursor" })]);
  });
});
