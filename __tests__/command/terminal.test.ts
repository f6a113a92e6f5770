import { isInteractive, wantsColor } from "../../scripts/command/terminal";

describe("the terminal", () => {
  it.each([
    [true, "a terminal", true, { TERM: "xterm" }],
    [true, "a terminal with CI=false", true, { CI: "false" }],
    [false, "CI with a terminal", true, { CI: "true" }],
    [false, "a dumb terminal", true, { TERM: "dumb" }],
    [false, "a pipe", false, {}],
  ])("is interactive (%s) in %s", (interactive, _, isTerminal, environment) => {
    expect(isInteractive(isTerminal, environment)).toBe(interactive);
  });

  it.each([
    [true, "a terminal", true, {}],
    [false, "a terminal with NO_COLOR", true, { NO_COLOR: "1" }],
    [true, "a terminal with an empty NO_COLOR", true, { NO_COLOR: "" }],
    [false, "a pipe", false, {}],
    [true, "a pipe with FORCE_COLOR", false, { FORCE_COLOR: "1" }],
  ])("is coloured (%s) in %s", (colored, _, isTerminal, environment) => {
    expect(wantsColor(isTerminal, environment)).toBe(colored);
  });
});
