/** What the traffic does to the Tasks API. */
export const OPERATIONS = ["list", "get", "create", "patch", "delete"] as const;
/** One of them. */
export type TaskOperation = (typeof OPERATIONS)[number];

/** Percent of the requests: mostly reads, as in any such service. */
export const OPERATION_PERCENT: Readonly<Record<TaskOperation, number>> = {
  list: 20,
  get: 40,
  create: 20,
  patch: 15,
  delete: 5,
};

/** Tasks kept alive at most: from then on what would create one deletes one. */
export const MAX_TASKS = 1000;

/**
 * Chooses the next operation.
 * @param random a number in [0, 1)
 * @param tasks tasks that are known and not being written right now
 */
export function chooseOperation(random: number, tasks: number): TaskOperation {
  const drawn = draw(random);
  if (tasks === 0) return drawn === "list" ? "list" : "create";
  if (tasks >= MAX_TASKS && drawn === "create") return "delete";
  return drawn;
}

function draw(random: number): TaskOperation {
  let passed = 0;
  for (const operation of OPERATIONS) {
    passed += OPERATION_PERCENT[operation] / 100;
    if (random < passed) return operation;
  }
  return "list";
}

/**
 * How many requests are due: the pace is held on the clock, and never waits for answers (an open loop), so a slow
 * service does not slow down what it is asked.
 * @param elapsedMs simulated milliseconds since the first request
 * @param requestsPerSecond requests per simulated second
 * @param sent requests sent so far
 */
export function requestsDue(elapsedMs: number, requestsPerSecond: number, sent: number): number {
  return Math.max(0, Math.floor((elapsedMs / 1000) * requestsPerSecond) + 1 - sent);
}
