import { readSettings, SettingsError } from "../../api/src/settings";

const problemsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    readSettings(environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
};

describe("the settings of the service", () => {
  it("need only the table's name", () => {
    expect(readSettings({ TABLE_NAME: "tasks" })).toEqual({
      port: 8080,
      host: "0.0.0.0",
      tableName: "tasks",
      releaseVersion: "unknown",
      simulate: undefined,
      simulateToken: undefined,
      logLevel: "info",
      stopTimeoutSeconds: 25,
    });
  });

  it("are read from the environment", () => {
    const settings = readSettings({
      TABLE_NAME: "tasks",
      PORT: "0",
      HOST: "127.0.0.1",
      RELEASE_VERSION: "2026-11-23.1",
      SIMULATE: "error:0.5",
      SIMULATE_TOKEN: "0123456789abcdef",
      LOG_LEVEL: "warn",
      STOP_TIMEOUT_SECONDS: "5",
    });
    expect(settings).toEqual({
      port: 0,
      host: "127.0.0.1",
      tableName: "tasks",
      releaseVersion: "2026-11-23.1",
      simulate: { name: "error", rate: 0.5 },
      simulateToken: "0123456789abcdef",
      logLevel: "warn",
      stopTimeoutSeconds: 5,
    });
  });

  it("take an empty variable as one that is not set", () => {
    expect(readSettings({ TABLE_NAME: "tasks", SIMULATE: "", SIMULATE_TOKEN: "", PORT: "" })).toMatchObject({
      port: 8080,
      simulate: undefined,
      simulateToken: undefined,
    });
  });

  it.each([
    ["PORT", "80a", 'PORT "80a" is not usable: 0 to 65535; 0 takes any free port'],
    ["PORT", "65536", 'PORT "65536" is not usable: 0 to 65535; 0 takes any free port'],
    ["LOG_LEVEL", "loud", 'LOG_LEVEL "loud" is not usable: fatal, error, warn, info, debug, trace, silent'],
    ["STOP_TIMEOUT_SECONDS", "0", 'STOP_TIMEOUT_SECONDS "0" is not usable: 1 to 3600 seconds'],
    [
      "RELEASE_VERSION",
      "one two",
      'RELEASE_VERSION "one two" is not usable: printable ASCII, at most 128 characters: it travels in a header',
    ],
    [
      "SIMULATE",
      "crsh",
      'SIMULATE "crsh" is not usable: there is no fault "crsh"; there are error, slow, crash, unhealthy, exit, broken-start',
    ],
  ])("refuse %s=%s, saying what is allowed", (name, value, message) => {
    expect(problemsOf({ TABLE_NAME: "tasks", [name]: value })).toEqual([message]);
  });

  it.each(["ab", "a".repeat(256), "my table", "tasks/", "täsks"])(
    "refuse TABLE_NAME=%s, which no table can have",
    (name) => {
      expect(problemsOf({ TABLE_NAME: name })).toEqual([
        `TABLE_NAME "${name}" is not usable: the name of the DynamoDB table of tasks: 3 to 255 letters, digits, _, - and .`,
      ]);
    },
  );

  it.each(["abc", "a".repeat(255), "Tasks_2.eu-1"])("take TABLE_NAME=%s", (name) => {
    expect(readSettings({ TABLE_NAME: name }).tableName).toBe(name);
  });

  it("never repeat a token that is refused", () => {
    expect(problemsOf({ TABLE_NAME: "tasks", SIMULATE_TOKEN: "secret" })).toEqual([
      "SIMULATE_TOKEN is not usable: at least 16 characters of printable ASCII",
    ]);
  });

  it("name every problem at once", () => {
    expect(problemsOf({ PORT: "x", SIMULATE: "slow:fast" })).toEqual([
      'PORT "x" is not usable: 0 to 65535; 0 takes any free port',
      "TABLE_NAME is not set; it must be the name of the DynamoDB table of tasks: 3 to 255 letters, digits, _, - and .",
      'SIMULATE "slow:fast" is not usable: slow: ms is "fast", not milliseconds, at most a day',
    ]);
  });
});
