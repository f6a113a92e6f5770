import { createTypeScriptImportResolver } from "eslint-import-resolver-typescript";
import { importX } from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

/**
 * The directions of import (docs/architecture.md): each zone names the files that must not be reached from `target`.
 * `except` is relative to `from`.
 */
const directions = [
  {
    target: "./stacks",
    from: ["./scripts", "./api", "./__tests__", "./main.ts"],
    message: "stacks import only stacks",
  },
  {
    target: "./api",
    from: ["./scripts", "./stacks", "./__tests__", "./main.ts"],
    message: "api imports nothing outside itself",
  },
  { target: "./main.ts", from: ["./scripts", "./api", "./__tests__"], message: "main imports only stacks" },
  { target: "./scripts", from: ["./api", "./__tests__", "./main.ts"], message: "scripts import no api, main or tests" },
  {
    target: "./scripts",
    from: "./stacks",
    except: ["./config.ts", "./names.ts", "./config", "./names"],
    message: "scripts know the stacks only by stacks/config and stacks/names",
  },
  {
    target: "./scripts/cloud",
    from: ["./scripts/release", "./scripts/rehearse", "./stacks"],
    message: "the local cloud is a library",
  },
  { target: "./scripts/release", from: ["./scripts/cloud", "./scripts/rehearse"], message: "release knows only AWS" },
  {
    target: "./scripts/release.ts",
    from: ["./scripts/cloud", "./scripts/rehearse"],
    message: "release knows only AWS",
  },
  ...["plan", "bootstrap", "deploy"].flatMap((command) =>
    [`./scripts/${command}`, `./scripts/${command}.ts`].map((target) => ({
      target,
      from: ["./scripts/cloud", "./scripts/rehearse", "./scripts/release"],
      message: `${command} knows only Terraform and AWS`,
    })),
  ),
  {
    target: "./scripts/command",
    from: ["cloud", "rehearse", "release", "plan", "bootstrap", "bench"].map((command) => `./scripts/${command}`),
    message: "what all commands share knows none of them",
  },
  {
    target: "./scripts/rehearse",
    from: ["./scripts/release"],
    message: "the rehearsal runs the release as a child process",
  },
];

export default tseslint.config(
  { ignores: ["**/node_modules/", "**/dist/", "cdktf.out/", "rehearsal/", "**/*.mjs", "**/*.cjs"] },
  ...tseslint.configs.strictTypeChecked,
  {
    plugins: { "import-x": importX },
    settings: { "import-x/resolver-next": [createTypeScriptImportResolver({ project: "./tsconfig.json" })] },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "import-x/no-restricted-paths": ["error", { zones: directions }],
      "import-x/no-cycle": "error",
      "import-x/no-default-export": "error",
      "import-x/no-extraneous-dependencies": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/no-confusing-void-expression": "off",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-extraneous-class": "off",
      "@typescript-eslint/unified-signatures": "off",
      "no-console": "off",
      "no-restricted-imports": [
        "error",
        {
          paths: [
            {
              name: "@cdktf/provider-aws",
              message: "import @cdktf/provider-aws/lib/<resource>: the root loads everything",
            },
          ],
        },
      ],
    },
  },
  {
    files: ["scripts/**", "api/**", "__tests__/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ group: ["cdktf", "@cdktf/*", "constructs"], message: "cdktf stays in stacks/ and main.ts" }] },
      ],
    },
  },
  {
    files: ["__tests__/stacks/**"],
    rules: { "no-restricted-imports": "off" },
  },
  {
    files: ["scripts/cloud/**"],
    ignores: ["scripts/cloud/clock.ts"],
    rules: {
      "no-restricted-globals": [
        "error",
        ...["setTimeout", "setInterval", "performance"].map((name) => ({
          name,
          message: "ask the cloud's clock (scripts/cloud/clock.ts)",
        })),
      ],
      "no-restricted-properties": [
        "error",
        { object: "Date", property: "now", message: "ask the cloud's clock (scripts/cloud/clock.ts)" },
      ],
    },
  },
);
