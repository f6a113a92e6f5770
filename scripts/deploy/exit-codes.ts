/** Exit codes of `npm run deploy`. */
export const DEPLOY_EXIT_CODES = {
  /** Every chosen stack is applied; with --check: nothing stands in the way. */
  done: 0,
  /** A stack could not be applied, or was not approved. */
  failed: 1,
  /** Refused before anything was started. */
  refused: 4,
  usage: 64,
} as const;
