import { processesOfNpm, readProcessLine } from "../../scripts/rehearse/npm-watch";

describe("the parent of a script that npm runs", () => {
  it.each([
    { line: "  41 sh", watched: [42, 41], why: "a shell that waits: npm is its parent" },
    { line: "41 /bin/bash\n", watched: [42, 41], why: "the same, with its path" },
    { line: "    1 npm run rehearse", watched: [42], why: "npm itself: the shell has made room" },
    { line: "41 node", watched: [42], why: "npm itself, by its program" },
    { line: "", watched: [42], why: "nobody that ps knows" },
  ])("is $why", ({ line, watched }) => {
    expect(processesOfNpm(42, readProcessLine(line))).toEqual(watched);
  });
});
