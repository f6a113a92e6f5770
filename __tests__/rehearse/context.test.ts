import { withDelivery } from "../../scripts/rehearse/context";

describe("a delivery with overrides", () => {
  const context = {
    defaults: { region: "eu-central-1" },
    environments: { staging: { delivery: { terminationWaitMinutes: 1 }, tags: {} }, production: {} },
  };

  it("has another strategy in that environment alone", () => {
    expect(withDelivery(context, "staging", { strategy: "ECSAllAtOnce" })).toEqual({
      defaults: { region: "eu-central-1" },
      environments: {
        staging: { delivery: { terminationWaitMinutes: 1, strategy: "ECSAllAtOnce" }, tags: {} },
        production: {},
      },
    });
  });

  it("is added to an environment without one", () => {
    expect(withDelivery(context, "production", { strategy: "ECSAllAtOnce" })).toMatchObject({
      environments: { production: { delivery: { strategy: "ECSAllAtOnce" } } },
    });
  });

  it("replaces no more than is given", () => {
    const hook = { strategy: undefined, hook: false };
    expect(withDelivery(context, "staging", hook)).toMatchObject({
      environments: { staging: { delivery: { terminationWaitMinutes: 1, hook: false } } },
    });
    expect(JSON.stringify(withDelivery(context, "staging", hook))).not.toContain("strategy");
  });

  it("does not change the given context", () => {
    const before = structuredClone(context);
    withDelivery(context, "staging", { strategy: "ECSAllAtOnce" });
    expect(context).toEqual(before);
  });

  it.each([{ environments: 3 }, { environments: {} }, { environments: { staging: { delivery: [] } } }, "wrong", null])(
    "leaves the complaint about a wrong context to the configuration (%j)",
    (wrong) => {
      expect(withDelivery(wrong, "staging", { strategy: "ECSAllAtOnce" })).toEqual(wrong);
    },
  );
});
