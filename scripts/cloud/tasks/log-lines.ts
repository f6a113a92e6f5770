/** Number of lines that are kept of a task's output. */
const KEPT_LINES = 50;
/** Number of characters that are kept of one line. */
const KEPT_CHARACTERS = 4_000;

/** The newest lines of a text stream: at most KEPT_LINES of at most KEPT_CHARACTERS each. */
export class LogLines {
  private readonly kept: string[] = [];

  /** @param onLine called with each complete line */
  constructor(private readonly onLine?: (line: string) => void) {}

  /** Gives a function that takes the text of one stream, in pieces of any size. */
  reader(): (text: string) => void {
    let rest = "";
    return (text) => {
      const lines = (rest + text).split("\n");
      // Limits the memory of a line that never ends.
      rest = (lines.pop() ?? "").slice(0, KEPT_CHARACTERS);
      for (const line of lines) this.add(line);
    };
  }

  /** Adds one line. */
  add(line: string): void {
    const kept = line.slice(0, KEPT_CHARACTERS);
    this.kept.push(kept);
    if (this.kept.length > KEPT_LINES) this.kept.shift();
    this.onLine?.(kept);
  }

  /** The kept lines, newest last. */
  last(): readonly string[] {
    return [...this.kept];
  }
}
