import { shortDigests } from "../../command/digest";
import { differencesOf, type AttributeDifference } from "../attribute-differences";
import { labelOf, type Change, type ChangeKind } from "../change";
import { truncate } from "./escape";
import { MAX_LENGTH } from "./layout";
import { diffLines } from "./line-difference";

/** First characters of lines, which GitHub colours in a `diff` block: + green, - red, ! orange. */
const SIGNS: Readonly<Record<ChangeKind, string>> = {
  create: "+",
  update: "!",
  replace: "-/+",
  delete: "-",
  forget: "#",
  import: "#",
  move: "#",
  none: "#",
};
const WORDS: Readonly<Record<ChangeKind, string>> = {
  create: "is added",
  update: "is changed in place",
  replace: "is replaced",
  delete: "is destroyed",
  forget: "is removed from the state, and Terraform no longer manages it",
  import: "is imported as it is",
  move: "only moves in the state",
  none: "stays",
};
/** Maximum number of lines for one resource. */
const MAX_LINES = 80;

/** One resource of a plan as lines of a `diff`. Pure. */
export function resourceLines(change: Change): readonly string[] {
  const from = change.previousAddress === undefined ? "" : `, was ${change.previousAddress}`;
  const imported = change.imported && change.kind !== "import" ? "is imported, then " : "";
  const head = `${SIGNS[change.kind]} ${labelOf(change)} ${imported}${WORDS[change.kind]}${from}`;
  const body = differencesOf(change).flatMap(attributeLines);
  const left = body.length - MAX_LINES;
  return [
    ...[head, ...body.slice(0, MAX_LINES)].map((line) => truncate(shortDigests(line), MAX_LENGTH.line)),
    ...(left > 0 ? [`#     … and ${left} more lines`] : []),
  ];
}

function attributeLines({ name, before, after, forcesReplacement }: AttributeDifference): readonly string[] {
  const label = forcesReplacement ? `${name} (forces replacement)` : name;
  if (before?.includes("\n") === true || after?.includes("\n") === true) {
    const lines = diffLines(before ?? "", after ?? "").filter(({ text }) => text !== "");
    return [`#     ${label}:`, ...lines.map(({ sign, text }) => `${sign}       ${text}`)];
  }
  return [
    ...(before === undefined ? [] : [`-     ${label}: ${before}`]),
    ...(after === undefined ? [] : [`+     ${label}: ${after}`]),
  ];
}
