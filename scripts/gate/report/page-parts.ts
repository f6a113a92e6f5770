import { chartSvg, classOf, markOf, type Chart, type SeriesLook } from "./chart";
import { escaped } from "./markup";

/** The mark that a gate has in every chart. */
export function key(look: SeriesLook): string {
  return `<svg class="key ${classOf(look)}" viewBox="0 0 26 12" aria-hidden="true"><path class="line" d="M1 6H25"/><path class="mark" d="${markOf(look, 13, 6)}"/></svg>`;
}

/** A chart in the page. */
export function figure(chart: Chart): string {
  return `<figure>${chartSvg(chart)}</figure>`;
}

/** A paragraph in small print. */
export function note(text: string): string {
  return `<p class="note">${escaped(text)}</p>`;
}

/** Tables that are closed at first. */
export function figuresOf(tables: readonly string[]): string {
  return `<details class="figures"><summary>The same figures as tables</summary>\n${tables.join("\n")}\n</details>`;
}

/** A table in a box that scrolls. @param heads number of columns with names */
export function tableOf(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  heads: number,
): string {
  const body = rows.map((row, index) => {
    const isFirst = row[0] !== rows[index - 1]?.[0];
    const cells = row.map((cell, column) =>
      column < heads
        ? `<th scope="row" class="name">${escaped(cell)}</th>`
        : `<td class="number">${escaped(cell)}</td>`,
    );
    return `<tr${isFirst ? ' class="first"' : ""}>${cells.join("")}</tr>`;
  });
  const columns = head.map(
    (name, column) => `<th scope="col"${column < heads ? "" : ' class="number"'}>${escaped(name)}</th>`,
  );
  return `<div class="scroll" role="region" tabindex="0" aria-label="${escaped(caption)}"><table><caption>${escaped(caption)}</caption>
<thead><tr>${columns.join("")}</tr></thead>
<tbody>
${body.join("\n")}
</tbody></table></div>`;
}
