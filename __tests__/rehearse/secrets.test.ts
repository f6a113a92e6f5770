import { secretsNotice } from "../../scripts/rehearse/secrets";

/** Values of the command line, and names of variables in `rehearsal.environment`. */
const given = (secrets: Readonly<Record<string, string>> = {}, local: readonly string[] = []) => ({ secrets, local });

describe("the secrets of a task definition in a rehearsal", () => {
  it("cause no notice when there are none", () => {
    expect(secretsNotice([], given())).toBeUndefined();
  });

  it("are listed, with the option that sets one, when tasks run without them", () => {
    expect(secretsNotice(["DB_PASSWORD", "API_KEY"], given())).toBe(
      "Secrets are not read from AWS, so tasks run without DB_PASSWORD, API_KEY (service.secrets). " +
        "If the service needs one, give it a local value: --secret DB_PASSWORD=VALUE for this run, or the key rehearsal.environment.",
    );
  });

  it("are not listed when they have a local value", () => {
    expect(secretsNotice(["DB_PASSWORD", "API_KEY"], given({ DB_PASSWORD: "local" }))).toMatch(/without API_KEY \(/);
    expect(secretsNotice(["DB_PASSWORD"], given({ DB_PASSWORD: "" }))).toBeUndefined();
    expect(secretsNotice(["DB_PASSWORD", "API_KEY"], given({}, ["API_KEY"]))).toMatch(/without DB_PASSWORD \(/);
  });

  it.each([
    [["DB_PASSWORD"], "its secrets are DB_PASSWORD"],
    [[], "it has no secrets"],
  ])("refuse a value for an unknown name, without printing the value (%j)", (names, says) => {
    const notice = () => secretsNotice(names, given({ DB_PASWORD: "hunter2" }));
    expect(notice).toThrow(says);
    expect(notice).toThrow(/^--secret DB_PASWORD: (?!.*hunter2)/);
  });
});
