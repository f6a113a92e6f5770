import { checkAnswer } from "../../api/rehearsal/answer-check";
import { hasExpectedState, Ledger, type LedgerEntry, type TaskContent } from "../../api/rehearsal/ledger";
import { chooseOperation, MAX_TASKS, OPERATION_PERCENT, OPERATIONS } from "../../api/rehearsal/operations";
import { buildRequest } from "../../api/rehearsal/requests";
import type { TrafficAnswer } from "../../scripts/rehearse/traffic-module";
import { seededRandom } from "../../scripts/rehearse/traffic/random";

const task = (changes: Partial<TaskContent> = {}): TaskContent => ({
  id: "a",
  title: "wash up",
  status: "todo",
  version: 1,
  ...changes,
});

const answered = (status: number, body: unknown = ""): TrafficAnswer => ({
  kind: "response",
  status,
  headers: {},
  body: typeof body === "string" ? body : JSON.stringify(body),
});

const entry = (changes: Partial<LedgerEntry> = {}): LedgerEntry => ({
  id: "a",
  acknowledged: task(),
  attempted: undefined,
  ...changes,
});

describe("the mix of operations", () => {
  it("adds up to 100 %", () => {
    expect(Object.values(OPERATION_PERCENT).reduce((sum, percent) => sum + percent, 0)).toBe(100);
  });

  it("is drawn in these proportions", () => {
    const random = seededRandom(7);
    const drawn = Array.from({ length: 20_000 }, () => chooseOperation(random(), 10));
    for (const operation of OPERATIONS) {
      const percent = (drawn.filter((one) => one === operation).length / drawn.length) * 100;
      expect(Math.abs(percent - OPERATION_PERCENT[operation])).toBeLessThan(1.5);
    }
  });

  it("creates a task before it reads or writes one", () => {
    expect([0.1, 0.3, 0.7, 0.9, 0.99].map((random) => chooseOperation(random, 0))).toEqual([
      "list",
      "create",
      "create",
      "create",
      "create",
    ]);
  });

  it("creates no task beyond the maximum", () => {
    expect(chooseOperation(0.7, MAX_TASKS - 1)).toBe("create");
    expect(chooseOperation(0.7, MAX_TASKS)).toBe("delete");
  });
});

describe("an answer", () => {
  const page = { items: [task()], nextCursor: null };
  it.each([
    { it: "a page", operation: "list" as const, answer: answered(200, page), kind: "ok" },
    { it: "a page that is none", operation: "list" as const, answer: answered(200, "<html>"), kind: "failed" },
    { it: "a list refused", operation: "list" as const, answer: answered(503), kind: "failed" },
    { it: "the task", operation: "get" as const, answer: answered(200, task()), kind: "ok" },
    { it: "a newer state", operation: "get" as const, answer: answered(200, task({ version: 2 })), kind: "ok" },
    { it: "an older state", operation: "get" as const, answer: answered(200, task({ version: 0 })), kind: "failed" },
    { it: "another task", operation: "get" as const, answer: answered(200, task({ id: "b" })), kind: "failed" },
    { it: "a task gone", operation: "get" as const, answer: answered(404), kind: "failed" },
    { it: "a task created", operation: "create" as const, answer: answered(201, task({ id: "c" })), kind: "ok" },
    { it: "a wrong task", operation: "create" as const, answer: answered(201, task({ title: "x" })), kind: "failed" },
    { it: "a server error", operation: "create" as const, answer: answered(500), kind: "failed" },
    { it: "the task changed", operation: "patch" as const, answer: answered(200, task()), kind: "ok" },
    { it: "a change lost", operation: "patch" as const, answer: answered(200, task({ title: "x" })), kind: "failed" },
    { it: "a lost race", operation: "patch" as const, answer: answered(412), kind: "refused" },
    { it: "a task deleted", operation: "delete" as const, answer: answered(204), kind: "ok" },
    { it: "a lost race", operation: "delete" as const, answer: answered(412), kind: "refused" },
    { it: "a bad gateway", operation: "delete" as const, answer: answered(502), kind: "failed" },
    {
      it: "a broken connection",
      operation: "get" as const,
      answer: { kind: "broken" as const, reason: "ECONNRESET" },
      kind: "failed",
    },
  ])("with $it to $operation is $kind", ({ operation, answer, kind }) => {
    expect(checkAnswer(operation, answer, task(), entry()).kind).toBe(kind);
  });

  it.each([entry({ acknowledged: "deleted" }), entry({ attempted: "deleted" })])(
    "of 404 is right for a task that is deleted meanwhile",
    (now) => {
      expect(checkAnswer("get", answered(404), task(), now)).toEqual({ kind: "ok" });
    },
  );
});

describe("a request", () => {
  it("changes a task only in the version that was acknowledged", () => {
    const { request, expected } = buildRequest("patch", task({ version: 4 }), 12, 0.5);
    expect(request.headers).toEqual({ "if-match": '"4"' });
    expect(expected).toMatchObject({ id: "a", version: 5, title: "task 12, changed", status: "doing" });
  });
});

describe("the ledger", () => {
  function withTask(): { ledger: Ledger; written: LedgerEntry } {
    const ledger = new Ledger();
    ledger.created(task());
    const written = ledger.pick(0);
    if (!written) throw new Error("the created task cannot be picked");
    return { ledger, written };
  }

  it("does not pick a task that is being written", () => {
    const { ledger, written } = withTask();
    ledger.begin(written, "deleted");
    expect(ledger.available).toBe(0);
    expect(() => ledger.begin(written, "deleted")).toThrow("already being written");
  });

  it("picks it again when the write is acknowledged", () => {
    const { ledger, written } = withTask();
    ledger.begin(written, task({ version: 2 }));
    ledger.acknowledge("a", task({ version: 2 }));
    expect(ledger.available).toBe(1);
    expect(ledger.acknowledged).toBe(2);
    expect(ledger.pick(0)?.acknowledged).toEqual(task({ version: 2 }));
  });

  it("does not pick a deleted task again", () => {
    const { ledger, written } = withTask();
    ledger.begin(written, "deleted");
    ledger.acknowledge("a", "deleted");
    expect(ledger.available).toBe(0);
    expect(ledger.all()).toEqual([entry({ acknowledged: "deleted" })]);
  });

  it.each([
    { it: "the acknowledged state", known: entry(), read: task(), expected: true },
    { it: "an older state", known: entry({ acknowledged: task({ version: 2 }) }), read: task(), expected: false },
    { it: "nothing", known: entry(), read: "deleted" as const, expected: false },
    { it: "a task that was deleted", known: entry({ acknowledged: "deleted" }), read: task(), expected: false },
    {
      it: "a change that was never answered",
      known: entry({ attempted: "deleted" }),
      read: "deleted" as const,
      expected: true,
    },
    { it: "the state before it", known: entry({ attempted: "deleted" }), read: task(), expected: true },
  ])("finds $it to hold: $expected", ({ known, read, expected }) => {
    expect(hasExpectedState(known, read)).toBe(expected);
  });
});
