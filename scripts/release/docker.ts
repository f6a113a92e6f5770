import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { AwsPort } from "./aws-port";
import { ImageError } from "./image";

/** A program to run. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** Written to its standard input: where secrets go, since arguments can be read by every user of the machine. */
  readonly stdin?: string;
}

/** Runs programs; tests bring their own. */
export interface CommandRunner {
  /**
   * Runs to the end and gives the exit code (null: killed by a signal). When `signal` aborts, the program is told to
   * end, and made to end when it doesn't.
   *
   * @throws Error with code ENOENT when there is no such program
   */
  run(command: Command, onLine: (line: string) => void, signal: AbortSignal): Promise<number | null>;
}

/** What is built and where it goes. */
export interface BuildInput {
  /** Folder of the Dockerfile: the build's context. */
  readonly directory: string;
  readonly repositoryUrl: string;
  readonly tag: string;
  /** e.g. linux/amd64 */
  readonly platform: string;
}

/**
 * Milliseconds after which a step of Docker's hangs: a daemon may take a connection and never answer. To build and to
 * push take long, and no step of a small service takes so long.
 */
const STEP_LIMITS_MS = { version: 30_000, login: 60_000, build: 3_600_000, push: 3_600_000 };
type Step = keyof typeof STEP_LIMITS_MS;
type StepLimits = Readonly<Record<Step, number>>;
/** A program that was told to end has so many milliseconds for it. */
const GRACE_MS = 10_000;

/** Not part of the image: written by tools, not by people. */
const IGNORED = new Set(["node_modules", "dist", ".git", "coverage"]);

/**
 * A tag that names the content of a folder and the platform: the same sources give the same tag, on any machine and in
 * any commit.
 *
 * @throws what reading the folder throws
 */
export function contentTag(directory: string, platform: string): string {
  const hash = createHash("sha256").update(platform);
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(directory.length + 1)
        .replaceAll("\\", "/"),
    )
    .filter((path) => !path.split("/").some((part) => IGNORED.has(part)))
    .sort();
  for (const path of files) {
    const content = readFileSync(join(directory, path));
    hash.update(`\0${path}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex").slice(0, 16);
}

/**
 * Builds the image and pushes it to ECR.
 *
 * @param limits of each step, in milliseconds
 * @throws ImageError when Docker is missing, or a step of it fails
 */
export async function buildAndPush(
  aws: AwsPort,
  runner: CommandRunner,
  input: BuildInput,
  onLine: (line: string) => void,
  signal: AbortSignal,
  limits: StepLimits = STEP_LIMITS_MS,
): Promise<void> {
  const reference = `${input.repositoryUrl}:${input.tag}`;
  const docker = (step: Step, args: readonly string[], stdin?: string) =>
    runDocker(runner, { step, args, stdin, limitMs: limits[step] }, onLine, signal);
  await docker("build", [
    `--platform=${input.platform}`,
    `--build-arg=RELEASE_VERSION=${input.tag}`,
    `--tag=${reference}`,
    input.directory,
  ]);
  const { username, password, endpoint } = await readLogin(aws);
  await docker("login", [`--username=${username}`, "--password-stdin", endpoint], password);
  await docker("push", [reference]);
}

/**
 * Makes sure that Docker would build: its daemon answers.
 *
 * @param limitMs milliseconds that it may take for it
 * @throws ImageError when it doesn't, or there is no Docker
 */
export async function checkDocker(
  runner: CommandRunner,
  signal: AbortSignal,
  limitMs = STEP_LIMITS_MS.version,
): Promise<void> {
  const args = ["--format={{.Server.Version}}"];
  await runDocker(runner, { step: "version", args, limitMs }, () => undefined, signal);
}

interface DockerStep {
  readonly step: Step;
  readonly args: readonly string[];
  readonly stdin?: string | undefined;
  readonly limitMs: number;
}

async function runDocker(
  runner: CommandRunner,
  { step, args: rest, stdin, limitMs }: DockerStep,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const args = [step, ...rest];
  const limit = AbortSignal.timeout(limitMs);
  const last: string[] = [];
  const keep = (line: string) => {
    last.push(line);
    if (last.length > 5) last.shift();
    onLine(line);
  };
  let code: number | null;
  try {
    code = await runner.run(
      { program: "docker", args, ...(stdin !== undefined && { stdin }) },
      keep,
      AbortSignal.any([signal, limit]),
    );
  } catch (error) {
    throw new ImageError(
      `docker can't be run: ${error instanceof Error ? error.message : String(error)}`,
      "install and start Docker, or release an image that is already pushed with --image",
    );
  }
  if (code !== 0 && limit.aborted && !signal.aborted) {
    throw new ImageError(
      `docker ${step} was not done after ${limitMs / 1000} s: ${last.join(" | ")}`,
      `run docker ${step} by hand to see where it hangs; does the Docker daemon answer?`,
    );
  }
  if (code !== 0) {
    throw new ImageError(
      `docker ${step} ended with ${code === null ? "a signal" : `exit code ${code}`}: ${last.join(" | ")}`,
      `run docker ${step} by hand to see all of it; is the Docker daemon running?`,
    );
  }
}

/** User and password for `docker login`, valid for 12 hours. */
async function readLogin(aws: AwsPort): Promise<{ username: string; password: string; endpoint: string }> {
  const { authorizationData = [] } = await aws.getAuthorizationToken();
  const { authorizationToken, proxyEndpoint } = authorizationData[0] ?? {};
  const decoded = Buffer.from(authorizationToken ?? "", "base64").toString();
  const colon = decoded.indexOf(":");
  if (colon < 1 || proxyEndpoint === undefined) {
    throw new ImageError(
      "ECR gave no login for its registry",
      "check that this identity may call ecr:GetAuthorizationToken",
    );
  }
  return { username: decoded.slice(0, colon), password: decoded.slice(colon + 1), endpoint: proxyEndpoint };
}

/**
 * Runs programs on this machine.
 *
 * @param graceMs milliseconds that a program has to end when it is told to; then it is killed
 */
export function programRunner(graceMs = GRACE_MS): CommandRunner {
  return {
    run: ({ program, args, stdin }, onLine, signal) =>
      new Promise((resolve, reject) => {
        const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"], signal, killSignal: "SIGTERM" });
        let kill: NodeJS.Timeout | undefined;
        // A program of its own that it left behind may hold its output open for ever: then its end counts.
        const isOver = () => child.exitCode !== null || child.signalCode !== null;
        const onAbort = () => {
          if (isOver()) resolve(child.exitCode);
          else kill = setTimeout(() => child.kill("SIGKILL"), graceMs);
        };
        signal.addEventListener("abort", onAbort, { once: true });
        for (const stream of [child.stdout, child.stderr]) {
          let rest = "";
          stream.setEncoding("utf8").on("data", (chunk: string) => {
            const lines = (rest + chunk).split(/\r?\n/);
            rest = lines.pop() ?? "";
            lines.filter((line) => line.trim() !== "").forEach(onLine);
          });
        }
        // The program may end before it has read everything; its exit code tells more than the broken pipe.
        child.stdin.on("error", () => undefined);
        child.stdin.end(stdin ?? "");
        child.on("error", (error) => (signal.aborted ? undefined : reject(error)));
        child.on("exit", (code) => {
          clearTimeout(kill);
          if (signal.aborted) resolve(code);
        });
        child.on("close", (code) => {
          signal.removeEventListener("abort", onAbort);
          resolve(code);
        });
      }),
  };
}
