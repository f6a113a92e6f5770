import { secretsNotice } from "../../scripts/rehearse/secrets";

describe("the secrets of a task definition in a rehearsal", () => {
  it("cause no notice when there are none", () => {
    expect(secretsNotice([], {})).toBeUndefined();
  });

  it("are listed, with the option that sets one, when tasks run without them", () => {
    expect(secretsNotice(["DB_PASSWORD", "API_KEY"], {})).toBe(
      "Secrets are not read from AWS, so tasks run without DB_PASSWORD, API_KEY (service.secrets). " +
        "If the service needs one, give it a local value for this run: --secret DB_PASSWORD=VALUE.",
    );
  });

  it("are not listed when they have a local value", () => {
    expect(secretsNotice(["DB_PASSWORD", "API_KEY"], { DB_PASSWORD: "local" })).toMatch(/without API_KEY \(/);
    expect(secretsNotice(["DB_PASSWORD"], { DB_PASSWORD: "" })).toBeUndefined();
  });

  it.each([
    [["DB_PASSWORD"], "its secrets are DB_PASSWORD"],
    [[], "it has no secrets"],
  ])("refuse a value for an unknown name, without printing the value (%j)", (names, says) => {
    const notice = () => secretsNotice(names, { DB_PASWORD: "hunter2" });
    expect(notice).toThrow(says);
    expect(notice).toThrow(/^--secret DB_PASWORD: (?!.*hunter2)/);
  });
});
