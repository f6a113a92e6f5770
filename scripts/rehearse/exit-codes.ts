import { LEAVE_EXIT_CODES } from "./interruption";

/** Exit code of wrong usage, and of a configuration that is refused (EX_USAGE of sysexits.h). */
export const USAGE_EXIT_CODE = 64;

/** Exit code when the rehearsal itself broke down or was broken off: it says nothing about the release then. */
export const BROKEN_EXIT_CODE = 70;

/** Exit code when the release ended as it should, and the rehearsal did not see what would prove it. */
export const NOT_PROVEN_EXIT_CODE = 10;

/** The exit codes of the release command that a rehearsal hands on, with what each means for the release. */
const RELEASE_ENDINGS = {
  0: "released, and the traffic shows it: the new version answered, and did not fail more than version 1",
  2: "rolled back; with --fault: by what that fault explains, and version 1 serves again",
  3: "the release failed without a rollback, or its rollback failed",
  4: "the release refused before anything was deployed",
  5: "the release lost sight of its deployment",
} as const;

/** Every way in which `npm run rehearse` ends: help and docs/rehearsal.md show this very table. */
export const ENDINGS: readonly { readonly code: number; readonly meaning: string }[] = [
  ...Object.entries(RELEASE_ENDINGS).map(([code, meaning]) => ({ code: Number(code), meaning })),
  {
    code: NOT_PROVEN_EXIT_CODE,
    meaning:
      "not proven: the release ended with 0 or 2, but the new version answered nothing, failed what the gate did not see, " +
      "the fault left no trace or was not what stopped it, writes were lost, or the traffic afterwards was wrong",
  },
  { code: USAGE_EXIT_CODE, meaning: "wrong usage or configuration" },
  {
    code: BROKEN_EXIT_CODE,
    meaning:
      "the rehearsal broke down, or was broken off because version 1 answers its own traffic badly: it says nothing about " +
      "the release",
  },
  { code: LEAVE_EXIT_CODES.SIGHUP, meaning: "ended before: the terminal was closed" },
  { code: LEAVE_EXIT_CODES.SIGINT, meaning: "ended before: Ctrl-C; a deployment that ran was stopped and rolled back" },
  { code: LEAVE_EXIT_CODES.unread, meaning: "ended before: nobody reads the output any more" },
  { code: LEAVE_EXIT_CODES.SIGTERM, meaning: "ended before: SIGTERM, or npm was killed" },
];

/** Whether a release that ended with this code ended in one of its own ways; anything else is a broken rehearsal. */
export function isReleaseEnding(code: number): boolean {
  return code in RELEASE_ENDINGS || code === LEAVE_EXIT_CODES.SIGINT;
}
