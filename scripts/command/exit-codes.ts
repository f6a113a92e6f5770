/** One way in which a command ends. */
export interface ExitCode {
  readonly code: number;
  /** For the command's help and for the documentation. */
  readonly meaning: string;
}

/** A command of package.json. */
export type CommandName = keyof typeof EXIT_CODES;

/** Exit code of a command that a signal ended: 128 and the signal's number, as shells have it. */
export const SIGNAL_EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGPIPE: 141, SIGTERM: 143 } as const;

/** Exit code of wrong usage: EX_USAGE of https://man.openbsd.org/sysexits. */
export const USAGE_EXIT_CODE = 64;

/** EX_SOFTWARE of the same page. */
const BROKEN_EXIT_CODE = 70;

/** Every exit code of every command. Help texts show this table, and a test compares the documentation with it. */
export const EXIT_CODES = {
  release: {
    released: {
      code: 0,
      meaning:
        "released: CodeDeploy says Succeeded for the deployment that this run created or attached to; with --dry-run: all " +
        "checks passed",
    },
    "rolled-back": { code: 2, meaning: "rolled back, and the rollback has finished" },
    failed: { code: 3, meaning: "failed without a rollback, or the rollback failed" },
    refused: {
      code: 4,
      meaning: "refused before anything was deployed; also when there is nothing to release (--force releases anyway)",
    },
    "lost-sight": {
      code: 5,
      meaning:
        "lost sight of the deployment: it may still run, CodeDeploy may or may not have started it, or AWS answered about " +
        "another one; the output says what to do next",
    },
    usage: { code: USAGE_EXIT_CODE, meaning: "wrong usage" },
    interrupted: {
      code: SIGNAL_EXIT_CODES.SIGINT,
      meaning: "interrupted: the deployment was stopped and rolled back, or none was started yet",
    },
  },
  rehearse: {
    released: {
      code: 0,
      meaning: "released, and the traffic confirms it: the new version answered, and did not fail more than version 1",
    },
    "rolled-back": {
      code: 2,
      meaning: "rolled back, and version 1 serves again; with --fault: because of that fault",
    },
    failed: { code: 3, meaning: "the release failed without a rollback, or its rollback failed" },
    refused: { code: 4, meaning: "the release refused before anything was deployed" },
    "lost-sight": { code: 5, meaning: "the release lost sight of its deployment" },
    "not-proven": {
      code: 10,
      meaning:
        "not proven: the release ended with 0 or 2, but the new version answered no request, failed requests that the gate " +
        "did not notice, no alarm of the gate could fire, the fault had no effect or did not cause the rollback, writes were lost, or the traffic afterwards " +
        "was wrong",
    },
    usage: { code: USAGE_EXIT_CODE, meaning: "wrong usage or configuration" },
    broken: {
      code: BROKEN_EXIT_CODE,
      meaning:
        "the rehearsal failed, or was aborted because version 1 answers its own traffic badly: this is no statement about the " +
        "release",
    },
    SIGHUP: { code: SIGNAL_EXIT_CODES.SIGHUP, meaning: "ended early: the terminal was closed" },
    SIGINT: {
      code: SIGNAL_EXIT_CODES.SIGINT,
      meaning: "ended early: Ctrl-C; a running deployment was stopped and rolled back",
    },
    SIGPIPE: { code: SIGNAL_EXIT_CODES.SIGPIPE, meaning: "ended early: the reader of the output has gone" },
    SIGTERM: { code: SIGNAL_EXIT_CODES.SIGTERM, meaning: "ended early: SIGTERM, or npm was killed" },
  },
  cloud: {
    usage: { code: USAGE_EXIT_CODE, meaning: "wrong usage or configuration" },
    broken: { code: BROKEN_EXIT_CODE, meaning: "the local cloud failed" },
    SIGHUP: { code: SIGNAL_EXIT_CODES.SIGHUP, meaning: "the terminal was closed" },
    SIGINT: { code: SIGNAL_EXIT_CODES.SIGINT, meaning: "stopped with Ctrl-C" },
    SIGPIPE: { code: SIGNAL_EXIT_CODES.SIGPIPE, meaning: "the reader of the output has gone" },
    SIGTERM: { code: SIGNAL_EXIT_CODES.SIGTERM, meaning: "stopped by SIGTERM, or npm was killed" },
  },
  plan: {
    unchanged: { code: 0, meaning: "nothing would change" },
    changed: { code: 2, meaning: "something would change, now or after the stacks before it are applied" },
    failed: {
      code: 1,
      meaning:
        "a stack could not be planned, or not all of it; or, with --fail-on danger, the plan is dangerous, a stack that has " +
        "resources can't be planned before another is applied, or a plan holds something that this review doesn't read",
    },
    usage: { code: USAGE_EXIT_CODE, meaning: "wrong usage" },
    SIGHUP: { code: SIGNAL_EXIT_CODES.SIGHUP, meaning: "interrupted: the terminal was closed" },
    SIGINT: { code: SIGNAL_EXIT_CODES.SIGINT, meaning: "interrupted with Ctrl-C" },
    SIGTERM: { code: SIGNAL_EXIT_CODES.SIGTERM, meaning: "interrupted by SIGTERM" },
  },
  deploy: {
    done: { code: 0, meaning: "every chosen stack is applied; with --check: all checks passed" },
    failed: {
      code: 1,
      meaning:
        "a stack could not be applied, or was not approved: correct what the output says, then run the same command: it continues",
    },
    refused: { code: 4, meaning: "refused before anything was started" },
    usage: { code: USAGE_EXIT_CODE, meaning: "wrong usage" },
    SIGHUP: { code: SIGNAL_EXIT_CODES.SIGHUP, meaning: "interrupted: the terminal was closed" },
    SIGINT: { code: SIGNAL_EXIT_CODES.SIGINT, meaning: "interrupted with Ctrl-C" },
    SIGTERM: { code: SIGNAL_EXIT_CODES.SIGTERM, meaning: "interrupted by SIGTERM" },
  },
  bootstrap: {
    done: { code: 0, meaning: "the bucket has all settings; with --dry-run: what would be done is printed" },
    failed: { code: 1, meaning: "a call to AWS failed: run the same command again, it continues" },
    refused: { code: 4, meaning: "refused before anything was changed" },
    usage: { code: USAGE_EXIT_CODE, meaning: "wrong usage" },
  },
  gate: {
    done: { code: 0, meaning: "the figures are printed; with --calibrate: simulation and rehearsals agree" },
    failed: { code: 1, meaning: "the configuration, the stacks or a file can't be used" },
    disagrees: { code: 2, meaning: "with --calibrate: rehearsals contradict the simulation" },
    usage: { code: USAGE_EXIT_CODE, meaning: "wrong usage" },
    broken: { code: BROKEN_EXIT_CODE, meaning: "the simulation failed" },
    SIGHUP: { code: SIGNAL_EXIT_CODES.SIGHUP, meaning: "interrupted: the terminal was closed" },
    SIGINT: { code: SIGNAL_EXIT_CODES.SIGINT, meaning: "interrupted with Ctrl-C" },
    SIGTERM: { code: SIGNAL_EXIT_CODES.SIGTERM, meaning: "interrupted by SIGTERM" },
  },
  bench: {
    done: { code: 0, meaning: "every figure is printed" },
    failed: { code: 1, meaning: "something could not be measured" },
    usage: { code: USAGE_EXIT_CODE, meaning: "wrong usage" },
  },
  record: {
    done: { code: 0, meaning: "the picture is written" },
    failed: { code: 1, meaning: "the rehearsal did not end with 0; the picture is unchanged" },
    usage: { code: USAGE_EXIT_CODE, meaning: "wrong usage" },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, ExitCode>>>>;

/** Characters of the column of codes, and of a whole line. */
const CODE_WIDTH = 5;
const LINE_WIDTH = 118;

/** The exit codes of a command as a paragraph of its help. Pure. */
export function exitCodeHelp(name: CommandName): string {
  const rows = Object.values<ExitCode>(EXIT_CODES[name]).map(
    ({ code, meaning }) => `  ${String(code).padEnd(CODE_WIDTH)}${wrapped(meaning, CODE_WIDTH + 2)}`,
  );
  return ["Exit codes:", ...rows].join("\n");
}

/** Breaks a text into lines, all but the first indented. */
function wrapped(text: string, indent: number): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line === "") lines[lines.length - 1] = word;
    else if (indent + line.length + 1 + word.length <= LINE_WIDTH) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.join(`\n${" ".repeat(indent)}`);
}
