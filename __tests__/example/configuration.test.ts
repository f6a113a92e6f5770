import { loadConfig } from "../../stacks/config";

/** The example's own values in cdktf.json: the only test that reads them. */
describe("the configuration of the example", () => {
  it.each(["staging", "production"])("of %s is valid, and probes what the service is for", (environment) => {
    const { service, delivery, rehearsal } = loadConfig({ environment });
    expect(service).toMatchObject({ source: "api", table: true });
    expect(rehearsal.module).toBe("api/rehearsal/index.ts");
    expect(delivery.probe.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "POST /tasks",
      "GET /tasks/${create a task.id}",
      "DELETE /tasks/${create a task.id}",
    ]);
  });
});
