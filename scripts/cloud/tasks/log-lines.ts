/** Lines kept of a task's output. */
const KEPT_LINES = 50;
/** Characters kept of one line. */
const KEPT_CHARACTERS = 4_000;

/** The newest lines of a stream of text; never more than KEPT_LINES of KEPT_CHARACTERS each. */
export class LogLines {
  private readonly kept: string[] = [];

  /** @param onLine called with every line as it is complete */
  constructor(private readonly onLine?: (line: string) => void) {}

  /** Gives a function that takes one stream's text as it comes, in pieces of any size. */
  reader(): (text: string) => void {
    let rest = "";
    return (text) => {
      const lines = (rest + text).split("\n");
      // A line without an end must not grow for ever.
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

  /** Newest last. */
  last(): readonly string[] {
    return [...this.kept];
  }
}
