import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { EXIT_CODES, type CommandName } from "../../scripts/command/exit-codes";
import { parseDeployArguments } from "../../scripts/deploy/arguments";
import { parsePlanArguments } from "../../scripts/plan/arguments";
import { parseReleaseArguments } from "../../scripts/release/arguments";
import { loadConfig } from "../../stacks/config";
import { AWS_AUDIENCE } from "../../stacks/config/ci-schema";
import { TERRAFORM_MINIMUM } from "../../stacks/config/terraform-version";
import { namesOf } from "../../stacks/names";

interface Job {
  readonly extends?: string;
  readonly stage?: string;
  readonly image?: string;
  readonly timeout?: string;
  readonly script?: string;
  readonly before_script?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  readonly id_tokens?: Readonly<Record<string, { readonly aud: string }>>;
  readonly resource_group?: string;
  readonly interruptible?: boolean;
  readonly needs?: readonly string[];
  readonly rules?: readonly Readonly<Record<string, unknown>>[];
  readonly parallel?: { readonly matrix: readonly { readonly ENVIRONMENT: readonly string[] }[] };
}

const PAGE = readFileSync("docs/ci.md", "utf8");
const fence = (language: string) => new RegExp(`^ *\`\`\`${language}\\n([^]*?)^ *\`\`\``, "m").exec(PAGE)?.[1] ?? "";
const PIPELINE = parse(fence("yaml")) as Readonly<Record<string, Job>> & {
  readonly stages: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
};
const CI = (JSON.parse(`{${fence("json")}}`) as { readonly ci: object }).ci;
const { stages: STAGES, variables: VARIABLES, ...WRITTEN } = PIPELINE;

/** A job with what it inherits. */
function inherited(job: Job): Job {
  const base = job.extends === undefined ? {} : inherited(WRITTEN[job.extends] ?? {});
  return { ...base, ...job };
}
const JOBS = Object.entries(WRITTEN)
  .filter(([name]) => !name.startsWith("."))
  .map(([name, job]) => ({ name, ...inherited(job) }));

/** The calls of the project's commands in a text, as their parsers get them. */
function callsIn(text: string): readonly { readonly command: string; readonly argv: readonly string[] }[] {
  return [...text.matchAll(/npm run ([\w-]+)((?: --)?(?: (?!\|\||&&)[^\s`;)]+)*)/g)].map(
    ([, command = "", rest = ""]) => ({
      command,
      argv: rest.split(" ").filter((word) => word !== "" && word !== "--"),
    }),
  );
}

const PARSERS: Readonly<
  Record<string, typeof parsePlanArguments | typeof parseDeployArguments | typeof parseReleaseArguments>
> = { plan: parsePlanArguments, deploy: parseDeployArguments, release: parseReleaseArguments };

describe("the pipeline of docs/ci.md", () => {
  it("is short, and the page is one page", () => {
    expect(PAGE.split("\n").length).toBeLessThan(100);
    expect(JOBS.map(({ name }) => name)).toEqual([
      "plan",
      ...["deploy staging", "deploy production", "release staging", "release production"],
    ]);
    for (const { stage } of JOBS) expect(STAGES).toContain(stage);
  });

  it.each(callsIn([...JOBS.map(({ script = "" }) => script), PAGE.replace(fence("yaml"), "")].join("\n")))(
    "calls $command with options that it has: $argv",
    ({ command, argv }) => {
      const said: string[] = [];
      const say = (text: string) => void said.push(text);
      // An id that the page leaves open.
      const words = argv.map((word) => word.replace("d-…", "d-A1B2C3D4E"));
      const parsed = PARSERS[command]?.(words, { out: say, err: say });
      expect({ said, parsed }).toMatchObject({ said: [], parsed: { arguments: expect.anything() as unknown } });
    },
  );

  it("assumes the role of each stage by the name that the stacks give it", () => {
    for (const { stage = "", variables, parallel } of JOBS) {
      const environments = parallel?.matrix.flatMap(({ ENVIRONMENT }) => ENVIRONMENT) ?? [
        variables?.["ENVIRONMENT"] ?? "",
      ];
      for (const environment of environments) {
        const settings = { project: "orders", ci: CI };
        const config = loadConfig({
          environment,
          context: { defaults: settings, environments: { [environment]: {} } },
        });
        const arn = VARIABLES["AWS_ROLE_ARN"]?.replace("$ENVIRONMENT", environment).replace("$CI_JOB_STAGE", stage);
        expect(arn?.split(":role/")[1]).toBe(namesOf(config).ciRoles[stage as "plan" | "deploy" | "release"]);
      }
    }
  });

  it("asks for tokens with the audience that the roles trust, which live as long as the job", () => {
    for (const { id_tokens: tokens, timeout, before_script: before } of JOBS) {
      expect(tokens).toEqual({ AWS_TOKEN: { aud: AWS_AUDIENCE } });
      expect(timeout).toMatch(/^\d+h$/);
      expect(before?.at(-1)).toBe('printf %s "$AWS_TOKEN" > "$AWS_WEB_IDENTITY_TOKEN_FILE"');
    }
  });

  it("plans merge requests, and changes environments only from the default branch, one job at a time", () => {
    for (const { stage, rules, resource_group: group, interruptible } of JOBS) {
      expect(rules).toHaveLength(1);
      expect(interruptible).toBeUndefined();
      if (stage === "plan") expect(rules?.[0]?.["if"]).toBe('$CI_PIPELINE_SOURCE == "merge_request_event"');
      else {
        expect(rules?.[0]?.["if"]).toBe("$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH");
        expect(group).toBe("$ENVIRONMENT");
      }
    }
    for (const stage of ["deploy", "release"]) {
      expect(JOBS.find(({ name }) => name === `${stage} production`)?.needs).toEqual([`${stage} staging`]);
    }
  });

  it("leaves out the stack with its own roles", () => {
    expect(JOBS.find(({ name }) => name === "deploy staging")?.script).toContain("--skip access");
  });

  it("uses only variables that it sets or that GitLab sets", () => {
    const set = [...Object.keys(VARIABLES), "ENVIRONMENT", "AWS_TOKEN"];
    const used = [...fence("yaml").matchAll(/\$([A-Z_]+)/g)].map(([, name = ""]) => name);
    expect(used.filter((name) => !set.includes(name) && !name.startsWith("CI_"))).toEqual([]);
  });

  it("has the tools that the commands need", () => {
    const setup = JOBS[0]?.before_script?.join("\n") ?? "";
    expect(setup).toContain(`terraform_${TERRAFORM_MINIMUM}.`);
    const [, node = ""] = /^node:(\d+)-/.exec(JOBS[0]?.image ?? "") ?? [];
    // What process.versions.modules is there: nodejs/node's doc/abi_version_registry.json.
    const abi = { "20": 115, "22": 127 }[node];
    const native = join("node_modules", "@cdktf", "node-pty-prebuilt-multiarch", "prebuilds", "linux-x64");
    expect(readdirSync(native)).toContain(`node.abi${abi}.node`);
  });
});

describe("the exit codes of docs/ci.md", () => {
  it.each(["plan", "deploy", "release"] as const satisfies readonly CommandName[])(
    "of %s exist, and none is missing",
    (name) => {
      const [row = ""] = new RegExp(`^\\| \`${name}\`.*$`, "m").exec(PAGE) ?? [];
      const named = [...row.matchAll(/(?<![\w-])(\d)(?= |:|,)/g)].map(([, code]) => Number(code));
      const codes = Object.values(EXIT_CODES[name]).map(({ code }) => code as number);
      expect(named.sort()).toEqual(codes.filter((code) => code < 64).sort());
    },
  );
});

describe("the variables of docs/ci.md", () => {
  let folder: string;
  let server: Server;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "ci-"));
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    await rm(folder, { recursive: true });
  });

  it("make a release assume the role with the token, before anything else", async () => {
    const requests: string[] = [];
    server = createServer((request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (text: string) => (body += text));
      request.on("end", () => {
        requests.push(body);
        response.writeHead(403, { "content-type": "text/xml" });
        response.end("<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>");
      });
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const tokenFile = join(folder, "token");
    await writeFile(tokenFile, "a.b.c");
    const role = "arn:aws:iam::123456789012:role/orders-staging-gitlab-release";
    const set: Readonly<Record<string, string>> = {
      AWS_REGION: VARIABLES["AWS_REGION"] ?? "",
      AWS_ROLE_ARN: role,
      AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile,
    };
    expect(Object.keys(set)).toEqual(Object.keys(VARIABLES).filter((name) => name.startsWith("AWS_")));
    const child = spawn(
      process.execPath,
      ["scripts/command/launch.mjs", "scripts/release.ts", "--dry-run", "--image", "v1"],
      {
        cwd: resolve("."),
        stdio: "ignore",
        env: {
          ...{ PATH: process.env["PATH"], HOME: folder, ...set },
          AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
          CDKTF_CONTEXT_JSON: JSON.stringify({
            defaults: { project: "orders" },
            environments: { staging: { ci: CI } },
          }),
          ENVIRONMENT: "staging",
        },
      },
    );
    await new Promise((ended) => child.once("close", ended));
    const first = new URLSearchParams(requests[0]);
    expect(Object.fromEntries(first)).toMatchObject({
      Action: "AssumeRoleWithWebIdentity",
      RoleArn: role,
      WebIdentityToken: "a.b.c",
    });
  });
});
