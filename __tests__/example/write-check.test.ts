import { Ledger, type TaskContent } from "../../api/rehearsal/ledger";
import { checkWrites } from "../../api/rehearsal/write-check";
import type { TrafficAnswer, TrafficRequest } from "../../scripts/rehearse/traffic-module";

const task = (id: string, version = 1): TaskContent => ({ id, title: `task ${id}`, status: "todo", version });
const answer = (status: number, body: unknown): TrafficAnswer => ({
  kind: "response",
  status,
  headers: {},
  body: JSON.stringify(body),
});

/** A service that lists these tasks in pages of two, knows these by their id, and fails every `failing`th request. */
function service(listed: readonly TaskContent[], known: readonly TaskContent[] = listed, failing = Infinity) {
  let asked = 0;
  return ({ path }: TrafficRequest): Promise<TrafficAnswer> => {
    asked += 1;
    if (asked % failing === 0) return Promise.resolve(answer(500, {}));
    const url = new URL(path, "http://service");
    if (url.pathname === "/tasks") {
      const from = Number(url.searchParams.get("cursor") ?? 0);
      const more = from + 2 < listed.length;
      return Promise.resolve(
        answer(200, { items: listed.slice(from, from + 2), nextCursor: more ? String(from + 2) : null }),
      );
    }
    const found = known.find(({ id }) => `/tasks/${id}` === url.pathname);
    return Promise.resolve(found ? answer(200, found) : answer(404, {}));
  };
}

/** A ledger of these tasks, of which "gone" was deleted. */
function ledgerOf(...tasks: readonly TaskContent[]): Ledger {
  const ledger = new Ledger();
  ledger.created(task("gone"));
  const entry = ledger.pick(0);
  if (!entry) throw new Error("the created task cannot be picked");
  ledger.begin(entry, "deleted");
  ledger.acknowledge("gone", "deleted");
  for (const one of tasks) ledger.created(one);
  return ledger;
}

describe("the acknowledged writes", () => {
  const tasks = ["a", "b", "c", "d", "e"].map((id) => task(id, 3));

  it("are all there when the listing, page by page, has them", async () => {
    expect(await checkWrites(ledgerOf(...tasks), service(tasks))).toEqual({ acknowledged: 7, lost: 0 });
  });

  it("are read one by one when the listing is not up to date", async () => {
    expect(await checkWrites(ledgerOf(...tasks), service(tasks.slice(1), tasks))).toMatchObject({ lost: 0 });
  });

  it.each([
    { it: "a task is gone", there: tasks.slice(1) },
    { it: "a task is in an older version", there: [task("a", 2), ...tasks.slice(1)] },
    { it: "a deleted task is back", there: [...tasks, task("gone")] },
  ])("are lost when $it", async ({ there }) => {
    expect(await checkWrites(ledgerOf(...tasks), service(there))).toMatchObject({ lost: 1 });
  });

  it("are found although many reads fail", async () => {
    expect(await checkWrites(ledgerOf(...tasks), service(tasks, tasks, 2))).toMatchObject({ lost: 0 });
  });

  it("are unknown when every read fails", async () => {
    expect(await checkWrites(ledgerOf(...tasks), service(tasks, tasks, 1))).toEqual({
      acknowledged: 7,
      lost: null,
      unreadable: "GET /tasks?limit=100 ended with status 500, 30 times",
    });
  });
});
