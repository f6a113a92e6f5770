import { isWithheld, unsupportedByProcess } from "../../../scripts/cloud/tasks/withheld";

describe("a variable of a task definition", () => {
  it.each([
    "NODE_OPTIONS",
    "NODE_PATH",
    "NODE_COMPILE_CACHE",
    "NODE_V8_COVERAGE",
    "NODE_REDIRECT_WARNINGS",
    "NODE_REPL_EXTERNAL_MODULE",
    "NODE_CHANNEL_FD",
    "NODE_CHANNEL_SERIALIZATION_MODE",
    "NODE_UNIQUE_ID",
    "NODE_TEST_CONTEXT",
    "OPENSSL_CONF",
    "LD_PRELOAD",
    "LD_LIBRARY_PATH",
    "LD_AUDIT",
    "DYLD_INSERT_LIBRARIES",
    "GCONV_PATH",
    "NODE_OPTIONS=--require x",
    "",
  ])("that changes how Node is started is withheld: %p", (name) => {
    expect(isWithheld(name)).toBe(true);
  });

  it.each([
    "NODE_ENV",
    "NODE_CONFIG",
    "NODE_CONFIG_DIR",
    "NODE_DEBUG",
    "NODE_EXTRA_CA_CERTS",
    "NODE_TLS_REJECT_UNAUTHORIZED",
    "NODE_PATHS",
    "MY_NODE_OPTIONS",
    "UV_THREADPOOL_SIZE",
    "PATH",
    "TZ",
    "LDAP_URL",
    "SIMULATE",
    "SSL_CERT_FILE",
  ])("that is the program's own is passed on: %p", (name) => {
    expect(isWithheld(name)).toBe(false);
  });
});

describe("what the process runtime doesn't play of a container", () => {
  it("is undefined for an ordinary container", () => {
    const container = { name: "api", image: "i", command: [], entryPoint: undefined, essential: true };
    expect(unsupportedByProcess(container, { NODE_ENV: "production" })).toBeUndefined();
  });

  it("names the settings", () => {
    expect(unsupportedByProcess({ name: "web", command: ["a"], entryPoint: ["b"] }, {})).toBe(
      "The container web of the task definition runs here without its entryPoint and command (the image's own program " +
        "starts). The docker runtime supports that.",
    );
    expect(unsupportedByProcess({ name: "web" }, { NODE_OPTIONS: "--max-old-space-size=512" })).toBe(
      'The container web of the task definition runs here without "NODE_OPTIONS", which would change how Node itself ' +
        "starts. The docker runtime supports that.",
    );
  });
});
