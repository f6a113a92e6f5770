const GUTTER = "  ";

/** Columns that are as wide as their widest cell; numbers are on the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const isText = head.map((title) => !title.endsWith("/s"));
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, column) => (isText[column] ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join(GUTTER)
        .trimEnd(),
    )
    .join("\n");
}
