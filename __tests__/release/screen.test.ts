import { frameOf, type View } from "../../scripts/release/render/frame";
import { redraw, Screen } from "../../scripts/release/render/screen";
import { fallbackRenderer } from "../../scripts/release/render/fallback";
import type { ReleaseEvent, Renderer } from "../../scripts/release/events";
import { PALETTE, snapshot } from "./fakes";

/** A terminal with the control sequences that a frame uses. It keeps lines that scroll off its top. */
class Terminal {
  readonly scrolledOff: string[] = [];
  lines: string[];
  private row = 0;
  private column = 0;
  private wraps = true;
  cursorShown = true;

  constructor(
    public columns: number,
    private readonly rows: number,
  ) {
    this.lines = Array.from({ length: rows }, () => "");
  }

  write(text: string): void {
    for (const [token] of text.matchAll(/\u001B\[\??\d*[a-zA-Z]|[^]/gu)) this.take(token);
  }

  /** All lines that were written and not erased, without the empty lines below. */
  text(): string {
    return [...this.scrolledOff, ...this.lines].join("\n").trimEnd();
  }

  get cursor(): readonly [row: number, column: number] {
    return [this.row, this.column];
  }

  private take(token: string): void {
    if (token === "\n") return this.down();
    if (token === "\r") return void (this.column = 0);
    if (token.length > 1) return this.obey(token.slice(2));
    if (this.column === this.columns) {
      if (!this.wraps) this.column -= 1;
      else this.down();
    }
    const line = (this.lines[this.row] ?? "").padEnd(this.column);
    this.lines[this.row] = line.slice(0, this.column) + token + line.slice(this.column + 1);
    this.column += 1;
  }

  private down(): void {
    this.column = 0;
    if (this.row < this.rows - 1) this.row += 1;
    else {
      this.scrolledOff.push(this.lines.shift() ?? "");
      this.lines.push("");
    }
  }

  private obey(sequence: string): void {
    const count = Number(/\d+/.exec(sequence)?.[0] ?? "1");
    if (sequence.endsWith("A")) this.row = Math.max(0, this.row - count);
    else if (sequence === "2K") this.lines[this.row] = "";
    else if (sequence === "J") {
      this.lines = this.lines.map((line, row) => {
        if (row === this.row) return line.slice(0, this.column);
        return row > this.row ? "" : line;
      });
    } else if (sequence.startsWith("?25")) this.cursorShown = sequence.endsWith("h");
    else if (sequence.startsWith("?7")) this.wraps = sequence.endsWith("h");
    else if (!sequence.startsWith("?2026")) throw new Error(`the terminal doesn't know ${JSON.stringify(sequence)}`);
  }
}

describe("a frame that is redrawn", () => {
  const above = ["earlier line 1", "earlier line 2"];
  const drawn = (terminal: Terminal, ...frames: readonly (readonly string[])[]) => {
    const screen = new Screen(terminal);
    terminal.write(above.map((line) => `${line}\n`).join(""));
    for (const frame of frames) screen.draw(frame);
    return screen;
  };
  const frame = (...notes: string[]) => ["header", "  step", "traffic", ...notes, "follow"];

  it.each([
    ["gets a line before its last", [frame(), frame("note")]],
    ["loses one again", [frame(), frame("note"), frame()]],
    ["gets several", [frame(), frame("one"), frame("one", "two"), frame("one", "two", "three")]],
    ["changes its first line", [frame("note"), ["other header", ...frame("note").slice(1)]]],
    ["stays as it is", [frame("note"), frame("note")]],
    ["becomes a single line", [frame("note"), ["done"]]],
  ])("keeps the lines above it and erases the earlier frame, when it %s", (_, frames) => {
    // In the middle of the terminal, and at its bottom, where each new line scrolls it.
    for (const rows of [24, 12, 8, 7]) {
      const terminal = new Terminal(40, rows);
      drawn(terminal, ...frames);
      const last = frames.at(-1) ?? [];
      expect(terminal.text()).toBe([...above, ...last].join("\n"));
      expect(terminal.lines[terminal.cursor[0] - 1]).toBe(last.at(-1));
    }
  });

  it("keeps a line that is exactly as wide as the terminal", () => {
    const terminal = new Terminal(10, 8);
    drawn(terminal, ["0123456789", "next"], ["9876543210", "next"]);
    expect(terminal.text()).toContain("9876543210\nnext");
  });

  it("cuts a line that is wider than expected, instead of wrapping it", () => {
    const terminal = new Terminal(10, 8);
    drawn(terminal, ["0123456789 and more", "next"], ["0123456789 and more", "next"]);
    // The lines above are wrapped, as a terminal wraps all lines.
    expect(terminal.text().split("\n").slice(2)).toEqual(["earlier li", "ne 2", "012345678e", "next"]);
  });

  it("counts the lines that a narrower terminal has wrapped, without colours", () => {
    expect(redraw([10, 4], ["x"], 10)).toContain("\u001B[2A");
    expect(redraw([10, 4], ["x"], 5)).toContain("\u001B[3A");
    expect(redraw([10, 0], ["x"], 4)).toContain("\u001B[4A");
    expect(redraw([], ["x"], 10)).not.toMatch(/\u001B\[\d+A/);
    const written: string[] = [];
    const stream = { columns: 10, write: (text: string) => written.push(text) };
    const screen = new Screen(stream);
    screen.draw(["\u001B[32m0123456789 and more\u001B[39m", "next"]);
    stream.columns = 5;
    screen.draw(["x"]);
    expect(written[1]).toContain("\u001B[3A");
  });

  it("hides the cursor, and shows it again when the frame is kept", () => {
    const terminal = new Terminal(40, 24);
    const screen = drawn(terminal, frame());
    expect(terminal.cursorShown).toBe(false);
    screen.keep();
    expect(terminal.cursorShown).toBe(true);
    terminal.write("outcome\n");
    screen.draw(["another frame"]);
    expect(terminal.text()).toBe([...above, ...frame(), "outcome", "another frame"].join("\n"));
  });

  it("never lets texts of AWS break a line or control the terminal", () => {
    const reason = "ResourceInitializationError: unable to pull\nsecrets:\t\u001B[2Jline two";
    const view: View = { deploymentId: "d-ABCDEFGHI", startedAt: 0, notes: [reason], snapshot: snapshot() };
    const lines = frameOf(view, { columns: 120, rows: 24, palette: PALETTE }, 0);
    expect(lines.join("")).not.toMatch(/\p{Cc}/u);
    expect(lines.join("\n")).toContain("unable to pull secrets: [2Jline two");
  });
});

describe("a view that fails", () => {
  const event = (text: string): ReleaseEvent => ({ type: "progress", text });
  function recording(breaksAt = Infinity): Renderer & { readonly shown: ReleaseEvent[]; closed: number } {
    const shown: ReleaseEvent[] = [];
    const renderer = {
      shown,
      closed: 0,
      show: (given: ReleaseEvent) => {
        if (shown.length >= breaksAt) throw new Error("out of ink");
        shown.push(given);
      },
      close: () => void (renderer.closed += 1),
    };
    return renderer;
  }

  it("is followed by plain lines, beginning with the event that it could not show", () => {
    const [live, plain] = [recording(1), recording()];
    const renderer = fallbackRenderer(live, plain);
    ["one", "two", "three"].forEach((text) => renderer.show(event(text)));
    expect(live.shown).toEqual([event("one")]);
    expect(live.closed).toBe(1);
    expect(plain.shown).toEqual([
      { type: "warning", text: expect.stringContaining("out of ink") as string },
      event("two"),
      event("three"),
    ]);
  });

  it("is not replaced while it works, and is closed once", () => {
    const [live, plain] = [recording(), recording()];
    const renderer = fallbackRenderer(live, plain);
    renderer.show(event("one"));
    renderer.close();
    expect([live.closed, plain.shown]).toEqual([1, []]);
  });

  it("does not prevent the end when it can't be closed either", () => {
    const close = () => {
      throw new Error("stuck");
    };
    expect(() => fallbackRenderer({ show: () => undefined, close }, recording()).close()).not.toThrow();
  });
});
