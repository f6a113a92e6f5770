import { withDefaults, type Context } from "../rehearse/command";

/** The Tasks API's own settings, as cdktf.json has them: a user may have put other ones there. */
export const CONFIGURED: Context = {
  defaults: {
    project: "tasks-api",
    delivery: {
      probe: [
        { name: "create a task", method: "POST", path: "/tasks", body: { title: "${title}" }, expect: 201 },
        {
          ...{ name: "read the task", method: "GET", path: "/tasks/${create a task.id}" },
          ...{ expect: 200, expectBody: { title: "${title}" } },
        },
        {
          ...{ name: "delete the task", method: "DELETE", path: "/tasks/${create a task.id}" },
          ...{ expect: 204, always: true },
        },
      ],
    },
    rehearsal: { module: "api/rehearsal/index.ts", environment: { LOG_LEVEL: "warn" } },
  },
};

/**
 * The same for short rehearsals that no alarm on slow answers stops: on a fast clock each real millisecond counts, and other
 * tests run at the same time.
 */
export const TASKS_API: Context = withDefaults(CONFIGURED, {
  gate: { slowSeconds: 600 },
  delivery: { terminationWaitMinutes: 0 },
});
