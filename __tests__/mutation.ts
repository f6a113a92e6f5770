import { readdirSync } from "node:fs";
import path from "node:path";
import { Stryker } from "@stryker-mutator/core";

// Changes the code of each subject in small ways (mutants) and runs the subject's unit tests on each mutant: one must fail.
// `npm run test:mutation -- evaluate` takes one subject, `-- plan-rules scripts/plan/rules/alarms.ts` one file of it.

interface Subject {
  /** Files, in the repository. */
  readonly mutate: readonly string[];
  /** Their unit tests: files and folders in __tests__. */
  readonly tests: readonly string[];
  /** Mutators that don't run. */
  readonly excluded?: readonly string[];
}

/** Most strings of the checks and the rules are sentences for people, and the tests match a part of each. */
const SENTENCES = ["StringLiteral"];

const SUBJECTS: Readonly<Record<string, Subject>> = {
  evaluate: { mutate: ["scripts/cloud/alarms/evaluate.ts"], tests: ["cloud/alarms"] },
  machine: { mutate: ["scripts/cloud/codedeploy/machine.ts"], tests: ["cloud/codedeploy/machine.test.ts"] },
  outcome: { mutate: ["scripts/release/outcome.ts"], tests: ["release/outcome.test.ts"] },
  weights: {
    mutate: ["scripts/cloud/load-balancer/{weighted-choice,forwards}.ts"],
    tests: ["cloud/load-balancer/weighted-choice.test.ts", "cloud/load-balancer/forwards.test.ts"],
  },
  strategies: { mutate: ["stacks/config/strategies.ts"], tests: ["stacks/config/strategies.test.ts"] },
  "config-checks": {
    mutate: ["stacks/config/*checks.ts"],
    tests: [
      "stacks/config",
      ...["config", "delivery-checks", "service-config"].map((name) => `stacks/${name}.test.ts`),
    ],
    excluded: SENTENCES,
  },
  "gate-limit": { mutate: ["stacks/gate/limit.ts"], tests: ["stacks/gate/limit.test.ts"] },
  "plan-rules": {
    // Not the tables: each row of `attributes/` has its own case in the tests, and `provider-attributes.test.ts` compares
    // `known-attributes.ts` with the provider's schema.
    mutate: ["scripts/plan/rules/*.ts", "!scripts/plan/rules/known-attributes.ts"],
    tests: ["rules", "ranges", "strategy", "composite-alarm-rule"].map((name) => `plan/${name}.test.ts`),
    excluded: SENTENCES,
  },
};

/** The test files that a subject names, and those in the folders that it names. */
function testFiles(names: readonly string[]): string[] {
  return names.flatMap((name) => {
    if (name.endsWith(".ts")) return [name];
    const files = readdirSync(path.join(__dirname, name)).filter((file) => file.endsWith(".test.ts"));
    return files.map((file) => `${name}/${file}`);
  });
}

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
    process.env["MUTATION_TESTS"] = testFiles(tests).join(" ");
    await new Stryker({
      mutate: file === undefined ? [...mutate] : [file],
      mutator: { excludedMutations: [...excluded] },
      testRunner: "jest",
      plugins: ["@stryker-mutator/jest-runner"],
      jest: {
        configFile: "jest.config.mjs",
        config: { testMatch: ["<rootDir>/__tests__/mutation-tests.ts"], testTimeout: 5_000 },
        enableFindRelatedTests: false,
      },
      coverageAnalysis: "perTest",
      concurrency: 2,
      // A mutant that times out counts as killed. A busy machine must not kill it.
      timeoutMS: 60_000,
      ignorePatterns: ["cdktf.out", "rehearsal", "coverage"],
      reporters: ["clear-text", "progress-append-only"],
      clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportScoreTable: false },
      thresholds: { high: 100, low: 100, break: 100 },
    }).runMutationTest();
  }
}

void main(process.argv[2], process.argv[3]);
