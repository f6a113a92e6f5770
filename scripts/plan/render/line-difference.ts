/** A line of a text that changed: kept (space), removed (-) or added (+). */
export interface DiffLine {
  readonly sign: " " | "-" | "+";
  readonly text: string;
}

/** With more pairs of lines than this, finding the common lines takes too long: all lines are shown as replaced. */
const MAX_CELLS = 4_000_000;

/**
 * The lines in which two texts differ, with unchanged lines around them. Pure.
 * @param context number of unchanged lines around each difference
 */
export function diffLines(before: string, after: string, context = 2): readonly DiffLine[] {
  const all = align(before.split("\n"), after.split("\n"));
  const changed = all.flatMap(({ sign }, index) => (sign === " " ? [] : [index]));
  const near = new Set(
    changed.flatMap((index) => Array.from({ length: 2 * context + 1 }, (_, offset) => index - context + offset)),
  );
  return all.flatMap((line, index): readonly DiffLine[] => {
    if (near.has(index)) return [line];
    return near.has(index - 1) && index > 0 ? [{ sign: " ", text: "…" }] : [];
  });
}

/** Aligns two texts along their longest common subsequence of lines. */
function align(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const minus = (text: string): DiffLine => ({ sign: "-", text });
  const plus = (text: string): DiffLine => ({ sign: "+", text });
  if (before.length * after.length > MAX_CELLS) return [...before.map(minus), ...after.map(plus)];
  const width = after.length + 1;
  const lengths = new Uint16Array((before.length + 1) * width);
  const at = (i: number, j: number) => lengths[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [old = "", young = ""] = [before[i], after[j]];
    if (i < before.length && j < after.length && old === young) {
      lines.push({ sign: " ", text: old });
      [i, j] = [i + 1, j + 1];
    } else if (j >= after.length || (i < before.length && at(i + 1, j) >= at(i, j + 1))) {
      lines.push(minus(old));
      i += 1;
    } else {
      lines.push(plus(young));
      j += 1;
    }
  }
  return lines;
}
