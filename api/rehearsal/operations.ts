/** The operations of the Tasks API that the traffic uses. */
export const OPERATIONS = ["list", "get", "create", "patch", "delete"] as const;
/** An operation of the Tasks API. */
export type TaskOperation = (typeof OPERATIONS)[number];

/** Percentage of each operation; most requests are reads, as is usual for such a service. */
export const OPERATION_PERCENT: Readonly<Record<TaskOperation, number>> = {
  list: 20,
  get: 40,
  create: 20,
  patch: 15,
  delete: 5,
};

/** Maximum number of tasks; from this number on, `create` becomes `delete`. */
export const MAX_TASKS = 1000;

/**
 * Chooses the next operation.
 * @param random a number in [0, 1)
 * @param tasks number of known tasks that are not being written
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
