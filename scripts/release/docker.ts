import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../command/error-message";
import type { AwsPort } from "./aws-port";
import { ImageError } from "./image";
import type { EcrRepository } from "./repository";

/** A program to run. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** Written to standard input. For secrets, because every user of the machine can read the arguments. */
  readonly stdin?: string;
}

/** Runs programs; tests provide their own. */
export interface CommandRunner {
  /**
   * Runs a program to its end and returns the exit code (null: killed by a signal). When `signal` aborts, the program is
   * asked to end, and killed when it doesn't.
   *
   * @throws Error with code ENOENT when there is no such program
   */
  run(command: Command, onLine: (line: string) => void, signal: AbortSignal): Promise<number | null>;
}

/** The image to build, and where to push it. */
export interface BuildInput {
  /** Folder of the Dockerfile, used as the build context. */
  readonly directory: string;
  readonly repository: EcrRepository;
  readonly tag: string;
  /** e.g. linux/amd64 */
  readonly platform: string;
}

/**
 * Time limit of each Docker command, in milliseconds. A daemon may accept a connection and never respond. Building and
 * pushing a small service takes much less than an hour.
 */
const STEP_LIMITS_MS = { version: 30_000, login: 60_000, build: 3_600_000, push: 3_600_000 };
type Step = keyof typeof STEP_LIMITS_MS;
type StepLimits = Readonly<Record<Step, number>>;
/** Milliseconds between SIGTERM and SIGKILL. */
const GRACE_MS = 10_000;

/** Folders that are not part of the image, because tools write them. */
const IGNORED = new Set(["node_modules", "dist", ".git", "coverage"]);

/**
 * A tag made from the content of a folder and the platform. The same sources give the same tag, on any machine and in any
 * commit.
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
 * @throws ImageError when Docker is missing, or one of its commands fails
 */
export async function buildAndPush(
  aws: AwsPort,
  runner: CommandRunner,
  input: BuildInput,
  onLine: (line: string) => void,
  signal: AbortSignal,
  limits: StepLimits = STEP_LIMITS_MS,
): Promise<void> {
  const reference = `${input.repository.url}:${input.tag}`;
  const docker = (step: Step, args: readonly string[], stdin?: string) =>
    runDocker(runner, { step, args, stdin, limitMs: limits[step] }, onLine, signal);
  await docker("build", [
    `--platform=${input.platform}`,
    `--build-arg=RELEASE_VERSION=${input.tag}`,
    `--tag=${reference}`,
    input.directory,
  ]);
  const { username, password, endpoint } = await readLogin(aws, input.repository);
  await docker("login", [`--username=${username}`, "--password-stdin", endpoint], password);
  await docker("push", [reference]);
}

/**
 * Checks that Docker is installed and that its daemon responds.
 *
 * @param limitMs time limit in milliseconds
 * @throws ImageError when Docker is missing, or the daemon doesn't respond
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
      `docker can't be run: ${messageOf(error)}`,
      "install and start Docker, or release an image that is already pushed with --image",
    );
  }
  if (code !== 0 && limit.aborted && !signal.aborted) {
    throw new ImageError(
      `docker ${step} was not finished after ${limitMs / 1000} s: ${last.join(" | ")}`,
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

/**
 * User, password and registry for `docker login`. The password is valid for 12 hours, and for every registry that the caller
 * may use: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html
 */
async function readLogin(
  aws: AwsPort,
  { url, registryId }: EcrRepository,
): Promise<{ username: string; password: string; endpoint: string }> {
  const { authorizationData = [] } = await aws.getAuthorizationToken({});
  const { authorizationToken, proxyEndpoint } = authorizationData[0] ?? {};
  const decoded = Buffer.from(authorizationToken ?? "", "base64").toString();
  const colon = decoded.indexOf(":");
  if (colon < 1 || proxyEndpoint === undefined) {
    throw new ImageError(
      "ECR gave no login for its registry",
      "check that this identity may call ecr:GetAuthorizationToken",
    );
  }
  const endpoint = registryId === undefined ? proxyEndpoint : `https://${url.slice(0, url.indexOf("/"))}`;
  return { username: decoded.slice(0, colon), password: decoded.slice(colon + 1), endpoint };
}

/**
 * Runs programs on this machine.
 *
 * @param graceMs milliseconds between SIGTERM and SIGKILL
 */
export function programRunner(graceMs = GRACE_MS): CommandRunner {
  return {
    run: ({ program, args, stdin }, onLine, signal) =>
      new Promise((resolve, reject) => {
        const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"], signal, killSignal: "SIGTERM" });
        let kill: NodeJS.Timeout | undefined;
        // A child of the program may keep the output open for ever, so after an abort the program's exit counts.
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
        // The program may end before it has read everything. Its exit code explains more than the broken pipe.
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
