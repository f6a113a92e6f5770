import type { Config } from "jest";

const config: Config = {
  testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
  testEnvironment: "node",
  modulePathIgnorePatterns: ["<rootDir>/cdktf.out/", "<rootDir>/api/dist/"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { target: "es2022", parser: { syntax: "typescript", decorators: false } }, module: { type: "commonjs" } },
    ],
  },
  maxWorkers: 2,
  testTimeout: 60_000,
};

export default config;
