// @ts-check
// Prints the environments of cdktf.json in its order, as outputs of a step: `matrix` (one entry for each), `names` (separated by
// spaces) and `limit` (characters for the review of one of them, so that those of all fit in one comment).
// `node .github/environments.mjs staging` prints that one only. It needs no `npm ci`: the jobs that use it start in seconds.
import { readFileSync } from "node:fs";

/** What a comment on GitHub holds, without the lines around the reviews, and what a review needs at least, in characters. */
const COMMENT = 64_000;
const SMALLEST_REVIEW = 4_000;

/** @param {string} text @returns {never} */
function refuse(text) {
  console.error(`::error file=cdktf.json::${text}`);
  process.exit(1);
}

/** @param {unknown} value @param {string} key @returns {unknown} */
function member(value, key) {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}

/** @returns {unknown} */
function readConfiguration() {
  try {
    return JSON.parse(readFileSync("cdktf.json", "utf8"));
  } catch (error) {
    return refuse(`can't be read as JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const all = Object.keys(member(member(readConfiguration(), "context"), "environments") ?? {});
const wrong = all.find((name) => !/^[a-z][a-z0-9-]*$/.test(name));
if (wrong !== undefined) refuse(`context.environments: ${JSON.stringify(wrong)} is not a name for an environment`);
const [, , only = ""] = process.argv;
const names = only === "" ? all : all.filter((name) => name === only);
if (names.length === 0) {
  const known = all.length === 0 ? "there are none" : `there is ${all.join(", ")}`;
  refuse(`context.environments: ${only === "" ? "" : `there is no ${JSON.stringify(only)}; `}${known}`);
}

const matrix = names.map((environment) => ({
  environment,
  /** Repository variable with the ARN of the role that plans. */
  planRole: `AWS_PLAN_ROLE_ARN_${environment.toUpperCase().replaceAll("-", "_")}`,
}));
console.log(`matrix=${JSON.stringify(matrix)}`);
console.log(`names=${names.join(" ")}`);
console.log(`limit=${Math.max(SMALLEST_REVIEW, Math.floor(COMMENT / names.length))}`);
