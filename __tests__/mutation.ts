import { Stryker } from "@stryker-mutator/core";

// Changes the code of each subject in small ways (mutants) and runs the subject's unit tests on each mutant: one must fail.
// `npm run test:mutation -- evaluate` takes one subject, `-- plan-rules scripts/plan/rules/alarms.ts` one file of it.

interface Subject {
  /** Files, in the repository. */
  readonly mutate: readonly string[];
  /** Their unit tests, in __tests__. */
  readonly tests: readonly string[];
  /** Mutators that don't run. */
  readonly excluded?: readonly string[];
}

/** Most strings of the checks and the rules are sentences for people, and the tests match a part of each. */
const SENTENCES = ["StringLiteral"];

const SUBJECTS: Readonly<Record<string, Subject>> = {
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

/** Runs the subjects, or the one that is named. Stryker sets the exit code to 1 when a mutant survives. */
async function main(name: string | undefined, file: string | undefined): Promise<void> {
  if (name !== undefined && !(name in SUBJECTS)) {
    console.error(`${name} is no subject: ${Object.keys(SUBJECTS).join(", ")}`);
    process.exitCode = 64;
    return;
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
}

void main(process.argv[2], process.argv[3]);
