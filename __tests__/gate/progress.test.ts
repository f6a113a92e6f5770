import { progressOn } from "../../scripts/gate/progress";

function written(isTTY: boolean | undefined, environment: NodeJS.ProcessEnv = {}) {
  const texts: string[] = [];
  const stream = { ...(isTTY !== undefined && { isTTY }), write: (text: string) => texts.push(text) };
  return { progress: progressOn(stream, environment), texts };
}

/** Counts all parts of a work, from none. */
function countAll(all: number, isTTY?: boolean, environment?: NodeJS.ProcessEnv): readonly string[] {
  const { progress, texts } = written(isTTY, environment);
  for (let done = 0; done <= all; done += 1) progress.count(`${done} of ${all}`, done, all);
  return texts;
}

describe("the progress of the gate", () => {
  it("is one line in a terminal, which is written over and removed at the end", () => {
    const { progress, texts } = written(true);
    progress.show("synthesizing the stacks");
    progress.count("rehearsing: 1 of 100", 1, 100);
    progress.end();
    const clear = "\r\u001B[2K";
    expect(texts).toEqual([`${clear}gate: synthesizing the stacks`, `${clear}gate: rehearsing: 1 of 100`, clear]);
  });

  it.each([
    ["a pipe", undefined, {}],
    ["CI with a terminal", true, { CI: "true" }],
  ])("has a line at the start and at each tenth of a work of minutes in %s", (_, isTTY, environment) => {
    const tenths = Array.from({ length: 11 }, (__, tenth) => `gate: ${tenth * 15} of 150\n`);
    expect(countAll(150, isTTY, environment)).toEqual(tenths);
  });

  it("has no more lines than a small work has parts", () => {
    expect(countAll(3)).toEqual(["gate: 0 of 3\n", "gate: 1 of 3\n", "gate: 2 of 3\n", "gate: 3 of 3\n"]);
  });

  it("has at most a line at each tenth when the parts don't fit", () => {
    expect(countAll(17)).toHaveLength(11);
  });

  it("shows nothing of the steps of seconds in a pipe", () => {
    const { progress, texts } = written(undefined);
    progress.show("synthesizing the stacks");
    progress.end();
    expect(texts).toEqual([]);
  });
});
