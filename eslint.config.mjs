import { createTypeScriptImportResolver } from "eslint-import-resolver-typescript";
import { importX } from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

const TRAFFIC = ["traffic-module.ts"];
const CONTRACT = ["config.ts", "config", "gate", "names.ts"];

/** The folders that lint looks into; `.prettierignore` has the same. */
export const ownFolders = [".github", "__tests__", "api", "scripts", "stacks"];

/** The rooms of the code: files and folders. A command's entry file belongs to the command's room. */
export const rooms = {
  main: ["main.ts"],
  /** What scripts may know of the stacks; the rest of `stacks` is a room of its own. */
  contract: CONTRACT.map((name) => `stacks/${name}`),
  stacks: ["stacks"],
  api: ["api/src"],
  /** What the example's rehearsal knows of its service: a traffic module. */
  example: ["api/rehearsal"],
  command: ["scripts/command"],
  cloud: ["scripts/cloud"],
  /** What a traffic module and the rehearsal say to each other; the rest of `scripts/rehearse` is a room of its own. */
  traffic: TRAFFIC.map((name) => `scripts/rehearse/${name}`),
  rehearse: ["scripts/rehearse.ts", "scripts/cloud.ts", "scripts/rehearse"],
  release: ["scripts/release.ts", "scripts/release"],
  plan: ["scripts/plan.ts", "scripts/plan"],
  deploy: ["scripts/deploy.ts", "scripts/deploy"],
  bootstrap: ["scripts/bootstrap.ts", "scripts/bootstrap"],
  gate: ["scripts/gate.ts", "scripts/gate"],
  bench: ["scripts/bench.ts", "scripts/bench"],
  record: ["scripts/record.ts", "scripts/record"],
  tests: ["__tests__"],
};

/** The rooms of the example, which may be deleted. */
export const exampleRooms = ["api", "example"];

/** Which rooms each room may import from, beside itself. Every other pair is refused. */
export const allowed = {
  main: ["contract", "stacks"],
  contract: [],
  stacks: ["contract"],
  api: [],
  example: ["traffic"],
  command: ["contract"],
  cloud: ["command"],
  traffic: [],
  rehearse: ["contract", "command", "cloud", "traffic"],
  release: ["contract", "command"],
  plan: ["contract", "command"],
  deploy: ["contract", "command"],
  bootstrap: ["contract", "command"],
  gate: ["contract", "command", "cloud", "rehearse"],
  bench: ["command", "cloud", "rehearse", "gate"],
  record: ["command"],
  tests: Object.keys(rooms),
};

/**
 * The rooms of the local cloud, each with the files that the other rooms of the cloud may import: its contract, and what
 * it shares beside it. `cloud.ts` composes the cloud and may import everything.
 */
export const cloudRooms = {
  alarms: ["part.ts"],
  aws: ["admission.ts", "body.ts", "json.ts", "malformed.ts", "request-target.ts"],
  codedeploy: ["part.ts", "routing.ts"],
  dynamodb: [],
  ecs: ["part.ts"],
  functions: [],
  "load-balancer": ["part.ts", "forwards.ts"],
  loader: [],
  metrics: ["part.ts", "math.ts", "periods.ts", "publication.ts", "statistic.ts"],
  tasks: ["part.ts", "child.ts", "docker-arguments.ts", "secrets.ts"],
};

/** Files of the local cloud that belong to none of its rooms and are imported by all of them. */
export const cloudCore = [
  "aws-error.ts",
  "clock.ts",
  "derived-ids.ts",
  "faults.ts",
  "local-credentials.ts",
  "not-played.ts",
  "port.ts",
  "settings.ts",
  "subject.ts",
  "template.ts",
];

const contracts = Object.entries(cloudRooms).map(([room, shared]) => ({
  target: [...Object.keys(cloudRooms).filter((other) => other !== room), ...cloudCore].map(
    (name) => `./scripts/cloud/${name}`,
  ),
  from: `./scripts/cloud/${room}`,
  except: shared.map((file) => `./${file}`),
  message: `other rooms of the cloud may import ${shared.length === 0 ? "nothing" : `only ${shared.join(", ")}`} from ${room}`,
}));

const directions = Object.entries(allowed).flatMap(([room, reachable]) =>
  Object.keys(rooms)
    .filter((other) => other !== room && !reachable.includes(other))
    .flatMap((other) => rooms[other])
    .map((from) => ({
      target: rooms[room].map((file) => `./${file}`),
      from: `./${from}`,
      ...(from === "stacks" && { except: CONTRACT.map((name) => `./${name}`) }),
      ...(from === "scripts/rehearse" && { except: TRAFFIC.map((name) => `./${name}`) }),
      message: `${room} may import ${reachable.length === 0 ? "nothing outside itself" : `only ${reachable.join(", ")}`}`,
    })),
);

export default tseslint.config(
  {
    ignores: [
      // Folders of other services have rules of their own.
      "*/",
      ...ownFolders.map((folder) => `!${folder}/`),
      "*.js",
      "**/node_modules/",
      "**/dist/",
      "**/*.mjs",
      "**/*.cjs",
      "!.github/environments.mjs",
      "!scripts/command/*.mjs",
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    plugins: { "import-x": importX },
    settings: {
      "import-x/extensions": [".ts"],
      "import-x/parsers": { "@typescript-eslint/parser": [".ts"] },
      "import-x/resolver-next": [createTypeScriptImportResolver({ project: "./tsconfig.json" })],
    },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "import-x/no-restricted-paths": ["error", { zones: [...directions, ...contracts] }],
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
