import { differencesOf, type Difference } from "../attributes";
import type { Change, Kind } from "../change";
import { differenceOf } from "./line-difference";

/** Signs as GitHub colours them in a `diff`: + green, - red, ! orange. */
const SIGNS: Readonly<Record<Kind, string>> = {
  create: "+",
  update: "!",
  replace: "-/+",
  delete: "-",
  forget: "-",
  move: "#",
  none: "#",
};
const WORDS: Readonly<Record<Kind, string>> = {
  create: "is added",
  update: "is changed in place",
  replace: "is replaced",
  delete: "is destroyed",
  forget: "is left alone, and Terraform manages it no more",
  move: "only moves in the state",
  none: "stays",
};
/** Characters of one line, and lines of one resource, that a reader still reads. */
const LONGEST_LINE = 240;
const MOST_LINES = 80;

/** One resource of a plan as lines of a `diff`. Pure. */
export function resourceLines(change: Change): readonly string[] {
  const from = change.previousAddress === undefined ? "" : `, was ${change.previousAddress}`;
  const head = cut(`${SIGNS[change.kind]} ${change.address} ${WORDS[change.kind]}${from}`);
  const body = differencesOf(change).flatMap((difference) => attributeLines(difference).map(cut));
  if (body.length <= MOST_LINES) return [head, ...body];
  return [head, ...body.slice(0, MOST_LINES), `#     … and ${body.length - MOST_LINES} more lines`];
}

function attributeLines({ name, before, after, forcesReplacement }: Difference): readonly string[] {
  const label = forcesReplacement ? `${name} (forces replacement)` : name;
  if (before?.includes("\n") === true || after?.includes("\n") === true) {
    const lines = differenceOf(before ?? "", after ?? "").filter(({ text }) => text !== "");
    return [`#     ${label}:`, ...lines.map(({ sign, text }) => `${sign}       ${text}`)];
  }
  return [
    ...(before === undefined ? [] : [`-     ${label}: ${before}`]),
    ...(after === undefined ? [] : [`+     ${label}: ${after}`]),
  ];
}

function cut(line: string): string {
  const flat = line.replace(/[\r\n]+/g, " ");
  return flat.length <= LONGEST_LINE ? flat : `${flat.slice(0, LONGEST_LINE - 1)}…`;
}
