// @ts-check
// Changes the code of one subject after the other in small ways (mutants), and runs the subject's unit tests on each: a test must
// fail. `npm run test:mutation -- evaluate` takes one subject, without a name it takes all. Not TypeScript: Stryker is an
// ES module with a top-level await, which our launcher's require() can't load.
import { Stryker } from "@stryker-mutator/core";

/**
 * @typedef {object} Subject
 * @property {readonly string[]} mutate files, in the repository
 * @property {readonly string[]} tests their unit tests, in __tests__
 * @property {readonly string[]} [excluded] mutators that don't run
 */

/** Most strings of the checks and the rules are sentences for people, and the tests match a part of each. */
const SENTENCES = ["StringLiteral"];

/** @type {Readonly<Record<string, Subject>>} */
const SUBJECTS = {
  evaluate: { mutate: ["scripts/cloud/alarms/evaluate.ts"], tests: ["cloud/alarms/*.test.ts"] },
  machine: { mutate: ["scripts/cloud/codedeploy/machine.ts"], tests: ["cloud/codedeploy/*.test.ts"] },
  outcome: { mutate: ["scripts/release/outcome.ts"], tests: ["release/outcome.test.ts"] },
  weights: {
    mutate: ["scripts/cloud/load-balancer/{weighted-choice,forwards}.ts"],
    tests: ["cloud/load-balancer/{weighted-choice,forwards}.test.ts"],
  },
  "config-checks": {
    mutate: ["stacks/config/*checks.ts"],
    tests: ["stacks/config/*.test.ts", "stacks/{config,delivery-checks,service-config}.test.ts"],
    excluded: SENTENCES,
  },
  "plan-rules": {
    // Not `attributes/`: tables, of which each row has its own case in the tests.
    mutate: ["scripts/plan/rules/*.ts"],
    tests: ["plan/{rules,ranges,strategy,composite-alarm-rule,attribute-differences}.test.ts"],
    excluded: SENTENCES,
  },
};

const [name, file] = process.argv.slice(2);
if (name !== undefined && !(name in SUBJECTS)) {
  console.error(`${name} is no subject: ${Object.keys(SUBJECTS).join(", ")}`);
  process.exit(64);
}
for (const [subject, { mutate, tests, excluded = [] }] of Object.entries(SUBJECTS)) {
  if (name !== undefined && name !== subject) continue;
  console.log(`\n${subject}`);
  await new Stryker({
    mutate: file === undefined ? [...mutate] : [file],
    mutator: { excludedMutations: [...excluded] },
    testRunner: "jest",
    plugins: ["@stryker-mutator/jest-runner"],
    jest: {
      configFile: "jest.config.mjs",
      config: { testMatch: tests.map((pattern) => `<rootDir>/__tests__/${pattern}`), testTimeout: 5_000 },
      enableFindRelatedTests: false,
    },
    coverageAnalysis: "perTest",
    concurrency: 2,
    ignorePatterns: ["cdktf.out", "rehearsal", "coverage"],
    reporters: ["clear-text", "progress-append-only"],
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportScoreTable: false },
    thresholds: { high: 100, low: 100, break: 100 },
  }).runMutationTest();
}
