// The SDK warns every process on Node 20 of a date; the clients under test are pinned.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

/** @type {import("jest").Config} */
export default {
  testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
  testEnvironment: "node",
  // secretlint ships ES modules only, and Jest loads CommonJS.
  transformIgnorePatterns: ["/node_modules/(?!@secretlint/)"],
  modulePathIgnorePatterns: ["<rootDir>/cdktf.out/", "<rootDir>/api/dist/", "<rootDir>/.stryker-tmp/"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      {
        jsc: { target: "es2022", parser: { syntax: "typescript" } },
        module: { type: "commonjs" },
        sourceMaps: "inline",
      },
    ],
    "/node_modules/@secretlint/.+\\.js$": ["@swc/jest", { jsc: { target: "es2022" }, module: { type: "commonjs" } }],
  },
  maxWorkers: 2,
  testTimeout: 60_000,
  // What a worker has loaded for one file after the other stays there.
  workerIdleMemoryLimit: "300MB",
};
