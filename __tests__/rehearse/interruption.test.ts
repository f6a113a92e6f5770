import { reactionTo } from "../../scripts/rehearse/interruption";

describe("an interrupt", () => {
  it.each([
    { interrupt: "SIGINT", sinceFirstMs: undefined, reaction: "finish", why: "lets the release roll back" },
    { interrupt: "SIGINT", sinceFirstMs: 20, reaction: "none", why: "is the same Ctrl-C, passed on by npm" },
    { interrupt: "SIGINT", sinceFirstMs: 1500, reaction: "leave", why: "is a second Ctrl-C" },
    { interrupt: "SIGTERM", sinceFirstMs: undefined, reaction: "leave", why: "is final" },
    { interrupt: "SIGTERM", sinceFirstMs: 20, reaction: "leave", why: "is final after a Ctrl-C too" },
    { interrupt: "SIGHUP", sinceFirstMs: undefined, reaction: "leave", why: "comes when the terminal is closed" },
    { interrupt: "orphaned", sinceFirstMs: undefined, reaction: "leave", why: "comes when npm was killed" },
    { interrupt: "unread", sinceFirstMs: undefined, reaction: "leave", why: "comes when nobody reads the output" },
  ] as const)("$interrupt after $sinceFirstMs ms means $reaction: it $why", ({ interrupt, sinceFirstMs, reaction }) => {
    expect(reactionTo(interrupt, sinceFirstMs)).toBe(reaction);
  });
});
