import { withStrategy } from "../../scripts/rehearse/context";

describe("another strategy", () => {
  const context = {
    defaults: { region: "eu-central-1" },
    environments: { staging: { delivery: { terminationWaitMinutes: 1 }, tags: {} }, production: {} },
  };

  it("replaces that of the environment alone", () => {
    expect(withStrategy(context, "staging", "ECSAllAtOnce")).toEqual({
      defaults: { region: "eu-central-1" },
      environments: {
        staging: { delivery: { terminationWaitMinutes: 1, strategy: "ECSAllAtOnce" }, tags: {} },
        production: {},
      },
    });
  });

  it("is put where none was", () => {
    expect(withStrategy(context, "production", "ECSAllAtOnce")).toMatchObject({
      environments: { production: { delivery: { strategy: "ECSAllAtOnce" } } },
    });
  });

  it("leaves the context as it was given", () => {
    const before = structuredClone(context);
    withStrategy(context, "staging", "ECSAllAtOnce");
    expect(context).toEqual(before);
  });

  it.each([{ environments: 3 }, { environments: {} }, { environments: { staging: { delivery: [] } } }, "wrong", null])(
    "leaves the complaint about a wrong context to the configuration (%j)",
    (wrong) => {
      expect(withStrategy(wrong, "staging", "ECSAllAtOnce")).toEqual(wrong);
    },
  );
});
