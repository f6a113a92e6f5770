import { screenOf } from "../../scripts/record/screen";

const PLAIN = { color: undefined, isBold: false, isDim: false };

describe("the screen of a terminal", () => {
  it("has a view that is redrawn in place once, as it was drawn last", async () => {
    const output = "start\r\n10 %\r\nwaits\r\n\u001B[2A\r\u001B[2K100 %\r\n\u001B[2Kdone\r\n\u001B[Jend\r\n";
    expect(await screenOf(output, 20)).toEqual(
      ["start", "100 %", "done", "end"].map((text) => [{ ...PLAIN, column: 0, text }]),
    );
  });

  it("has the colours and weights of its text", async () => {
    expect(
      await screenOf("\u001B[1m\u001B[32mok\u001B[39m\u001B[22m \u001B[2mslow\u001B[22m \u001B[91mbad\u001B[39m", 20),
    ).toEqual([
      [
        { column: 0, text: "ok", color: 2, isBold: true, isDim: false },
        { column: 3, text: "slow", color: undefined, isBold: false, isDim: true },
        { column: 8, text: "bad", color: 1, isBold: false, isDim: false },
      ],
    ]);
  });

  it("keeps words together, and columns apart", async () => {
    expect(await screenOf("two words    a column", 40)).toEqual([
      [
        { ...PLAIN, column: 0, text: "two words" },
        { ...PLAIN, column: 13, text: "a column" },
      ],
    ]);
  });

  it("wraps long lines, keeps empty ones between others, and all that has scrolled out of view", async () => {
    const lines = await screenOf(`abcdef\r\n\r\n${"x\r\n".repeat(100)}`, 4);
    expect(lines.slice(0, 4).map((runs) => runs.map(({ text }) => text).join(""))).toEqual(["abcd", "ef", "", "x"]);
    expect(lines).toHaveLength(103);
  });
});
