import { loadConfig } from "../../stacks/config";
import { ALARM_KINDS, namesOf, TARGET_GROUPS } from "../../stacks/names";

const names = (settings: object = {}) =>
  namesOf(loadConfig({ environment: "staging", context: { environments: { staging: settings } } }));

describe("the names", () => {
  it("start with project and environment", () => {
    const { prefix, loadBalancer, targetGroups, cluster, table, alarm } = names({ project: "orders" });
    expect(prefix).toBe("orders-staging");
    expect([loadBalancer, cluster, table]).toEqual(["orders-staging", "orders-staging", "orders-staging-tasks"]);
    expect(targetGroups).toEqual({ "1": "orders-staging-1", "2": "orders-staging-2" });
    expect(alarm("target5xx", "2")).toBe("orders-staging-target-5xx-2");
  });

  it("are different for every alarm", () => {
    const { alarm } = names();
    const all = ALARM_KINDS.flatMap((kind) => TARGET_GROUPS.map((key) => alarm(kind, key)));
    expect(new Set(all).size).toBe(8);
  });

  it("have a state for each stack", () => {
    expect(names().stateKeys.service).toBe("tasks-api/staging/service.tfstate");
    expect(new Set(Object.values(names().stateKeys)).size).toBe(5);
  });

  it.each([
    ["ECSAllAtOnce", "CodeDeployDefault.ECSAllAtOnce"],
    [{ type: "canary", percentage: 20, intervalMinutes: 10 }, "tasks-api-staging-canary-20-percent-10-minutes"],
    [{ type: "linear", percentage: 25, intervalMinutes: 2 }, "tasks-api-staging-linear-25-percent-2-minutes"],
  ])("of the deployment config for %j is %s", (strategy, name) => {
    expect(names({ delivery: { strategy } }).deploymentConfig).toBe(name);
  });

  it.each([
    [{}, "tasks-api", "tasks-api-terraform-state"],
    [{ registry: { repository: "mine" }, state: { backend: "s3", bucket: "states" } }, "mine", "states"],
    [{ state: { backend: "local" } }, "tasks-api", "tasks-api-terraform-state"],
  ])("of repository and bucket follow %j", (settings, repository, stateBucket) => {
    expect(names(settings)).toMatchObject({ repository, stateBucket });
  });
});
