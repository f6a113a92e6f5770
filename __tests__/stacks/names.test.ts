import { loadConfig } from "../../stacks/config";
import { DEFAULTS } from "../../stacks/config/defaults";
import { alarmKindsOf } from "../../stacks/gate/presets";
import { namesOf, STACKS, TARGET_GROUPS } from "../../stacks/names";

const names = (settings: object = {}) =>
  namesOf(
    loadConfig({
      environment: "staging",
      context: { defaults: { project: "carts-api" }, environments: { staging: settings } },
    }),
  );

describe("the names", () => {
  it("start with project and environment", () => {
    const { prefix, loadBalancer, targetGroups, cluster, table, alarm } = names({ project: "orders" });
    expect(prefix).toBe("orders-staging");
    expect([loadBalancer, cluster, table]).toEqual(["orders-staging", "orders-staging", "orders-staging-table"]);
    expect(targetGroups).toEqual({ "1": "orders-staging-1", "2": "orders-staging-2" });
    expect(alarm("target5xx", "2")).toBe("orders-staging-target-5xx-2");
    expect(alarm("failedRequests", "1")).toBe("orders-staging-failed-requests-1");
  });

  it("are different for every alarm", () => {
    const { alarm } = names();
    const kinds = (["article", "balanced"] as const).flatMap((preset) => {
      return alarmKindsOf({ gate: { ...DEFAULTS.gate, preset } });
    });
    const all = [...new Set(kinds)].flatMap((kind) => TARGET_GROUPS.map((key) => alarm(kind, key)));
    // Three kinds of balanced, four of the article, and one of both.
    expect(new Set(all).size).toBe(12);
  });

  it("have a state for each stack", () => {
    expect(names().stateKeys.service).toBe("carts-api/staging/service.tfstate");
    expect(new Set(Object.values(names().stateKeys)).size).toBe(STACKS.length + 1);
  });

  it.each([
    ["ECSAllAtOnce", "CodeDeployDefault.ECSAllAtOnce"],
    [{ type: "canary", percentage: 20, intervalMinutes: 10 }, "carts-api-staging-canary-20-percent-10-minutes"],
    [{ type: "linear", percentage: 25, intervalMinutes: 2 }, "carts-api-staging-linear-25-percent-2-minutes"],
  ])("of the deployment config for %j is %s", (strategy, name) => {
    expect(names({ delivery: { strategy } }).deploymentConfig).toBe(name);
  });

  it.each([
    [{}, "carts-api", "carts-api-terraform-state"],
    [{ registry: { repository: "mine" }, state: { backend: "s3", bucket: "states" } }, "mine", "states"],
    [{ state: { backend: "local" } }, "carts-api", "carts-api-terraform-state"],
  ])("of repository and bucket follow %j", (settings, repository, stateBucket) => {
    expect(names(settings)).toMatchObject({ repository, stateBucket });
  });

  it.each([1, 7, 20])("stay within AWS's limits with the longest project of an environment of %d letters", (length) => {
    const environment = "e".repeat(length);
    // Target groups are the tightest: 32 characters with -1 at the end.
    const project = "p".repeat(32 - length - "--1".length);
    const context = { environments: { [environment]: { project } } };
    const { loadBalancer, targetGroups, accessLogBucketPrefix, webAcl, webAclLogGroup, flowLogGroup } = namesOf(
      loadConfig({ environment, context }),
    );
    for (const name of [loadBalancer, ...Object.values(targetGroups)]) expect(name.length).toBeLessThanOrEqual(32);
    expect(`${accessLogBucketPrefix}-123456789012`.length).toBeLessThanOrEqual(63);
    expect(webAcl.length).toBeLessThanOrEqual(128);
    for (const name of [webAclLogGroup, flowLogGroup]) expect(name.length).toBeLessThanOrEqual(512);
  });
});
