import type { Level } from "../rules/rule";
import type { Finding } from "../judge";
import { worstOf } from "../judge";
import {
  countsOf,
  hasChanges,
  isBlocked,
  verdictOf,
  type Review,
  type StackReview,
  type Strictness,
  type Verdict,
} from "../review";
import { block, code, plain } from "./escape";
import { resourceLines } from "./resource";

/** How much a comment on GitHub holds. Characters. */
export const COMMENT_LIMIT = 65_536;
/** A comment of many dangers is read from the top; the rest is in the stacks' own parts. Findings. */
const MOST_FINDINGS = 40;

const VERDICTS: Readonly<Record<Verdict, string>> = {
  danger: "🔴 Danger",
  caution: "🟡 Caution",
  fine: "🟢 Fine",
  none: "⚪ No changes",
  failed: "🔴 Failed",
};
const MARKS: Readonly<Record<Level, string>> = { danger: "🔴", caution: "🟡", fine: "🟢" };

/** One piece of the summary that may be left out when there is no room: a resource of a stack. */
interface Piece {
  readonly stack: string;
  readonly level: Level;
  readonly address: string;
  readonly lines: readonly string[];
}

/**
 * The review as one Markdown text of at most `limit` characters: the verdict and what led to it, a table, and each
 * stack to unfold. What doesn't fit is left out, the harmless first, and it says so. Pure.
 */
export function markdownOf(review: Review, strictness: Strictness, limit = COMMENT_LIMIT): string {
  const head = [...verdictLines(review, strictness), "", ...tableLines(review), ""].join("\n");
  const pieces = review.stacks.flatMap(piecesOf);
  const render = (kept: ReadonlySet<Piece>) =>
    `${head}\n${review.stacks.map((stack) => stackLines(stack, pieces, kept).join("\n")).join("\n")}\n`;
  const kept = new Set<Piece>();
  let room = limit - render(kept).length;
  for (const piece of [...pieces].sort((a, b) => weight(b) - weight(a))) {
    const size = piece.lines.reduce((sum, line) => sum + line.length + 1, 0);
    if (size > room) continue;
    room -= size;
    kept.add(piece);
  }
  const text = render(kept);
  // Only when the head alone is too long.
  return text.length <= limit ? text : `${text.slice(0, limit - 20)}\n\n… (cut)\n`;
}

const weight = ({ level }: Piece) => (level === "danger" ? 2 : level === "caution" ? 1 : 0);

function verdictLines(review: Review, strictness: Strictness): readonly string[] {
  const findings = review.stacks.flatMap((stack) =>
    stack.status === "planned" ? stack.findings.map((finding) => ({ stack: stack.name, ...finding })) : [],
  );
  const dangers = findings.filter(({ level }) => level === "danger");
  const cautions = findings.filter(({ level }) => level === "caution");
  return [
    `## ${VERDICTS[verdictOf(review)]}: plan for ${code(review.environment)}`,
    "",
    ...blockedLines(review, strictness),
    ...review.stacks.flatMap(notPlannedLines),
    ...(dangers.length > 0 ? ["", ...findingLines(dangers)] : []),
    ...(cautions.length > 0
      ? [
          "",
          `<details><summary>${count(cautions.length, "caution")}</summary>`,
          "",
          ...findingLines(cautions),
          "",
          "</details>",
        ]
      : []),
  ];
}

function blockedLines(review: Review, strictness: Strictness): readonly string[] {
  if (isBlocked(review, strictness)) {
    return [
      "**Not to be merged as it is:** it is dangerous. Who wants it all the same puts the label `allow-danger` on.",
      "",
    ];
  }
  return verdictOf(review) === "danger" && strictness.allowDanger ? ["The danger is allowed by a label.", ""] : [];
}

function notPlannedLines(stack: StackReview): readonly string[] {
  switch (stack.status) {
    case "planned":
      return [];
    case "skipped":
      return [`- ${code(stack.name)} was **not planned**: it was left out by request.`];
    case "failed":
      return [`- ${code(stack.name)} was **not planned**: ${plain(stack.step)} failed; ${plain(stack.next)}.`];
    case "waiting": {
      const reasons = stack.for.map(
        ({ stack: source, outputs }) => `${code(source)} (${count(outputs.length, "value")})`,
      );
      return [
        `- ${code(stack.name)} **can't be planned yet**: it reads what no apply of ${reasons.join(" and ")} has made. Plan again after that.`,
      ];
    }
  }
}

function findingLines(findings: readonly (Finding & { readonly stack: string })[]): readonly string[] {
  const lines = findings
    .slice(0, MOST_FINDINGS)
    .map(
      ({ level, stack, address, says, rule }) =>
        `- ${MARKS[level]} ${plain(stack)} ${code(address)}: ${plain(says)} (${code(rule)})`,
    );
  const left = findings.length - lines.length;
  return left > 0 ? [...lines, `- … and ${left} more`] : lines;
}

function tableLines(review: Review): readonly string[] {
  const rows = review.stacks.map((stack) => {
    if (stack.status !== "planned") return `| ${plain(stack.name)} | | | | | ${statusWords(stack)} |`;
    const { add, change, replace, destroy } = countsOf(stack.changes);
    return `| ${plain(stack.name)} | ${add} | ${change} | ${replace} | ${destroy} | ${statusWords(stack)} |`;
  });
  return ["| stack | added | changed | replaced | destroyed | |", "| --- | --- | --- | --- | --- | --- |", ...rows];
}

function statusWords(stack: StackReview): string {
  switch (stack.status) {
    case "planned":
      return hasChanges(stack) ? VERDICTS[worstOf(stack.findings)] : VERDICTS.none;
    case "waiting":
      return "⏳ waits for others";
    case "skipped":
      return "⚪ left out";
    case "failed":
      return VERDICTS.failed;
  }
}

function piecesOf(stack: StackReview): readonly Piece[] {
  if (stack.status !== "planned") return [];
  return stack.changes.map((change) => ({
    stack: stack.name,
    address: change.address,
    level: worstOf(stack.findings.filter(({ address }) => address === change.address)),
    lines: resourceLines(change),
  }));
}

function stackLines(stack: StackReview, pieces: readonly Piece[], kept: ReadonlySet<Piece>): readonly string[] {
  const unfold = (lines: readonly string[]) => [
    `<details><summary><b>${plain(stack.name)}</b></summary>`,
    "",
    ...lines,
    "",
    "</details>",
    "",
  ];
  if (stack.status === "failed") return unfold(block("text", stack.message.slice(0, 4000).split("\n")));
  if (stack.status === "waiting") {
    return unfold(
      stack.for.flatMap(({ stack: source, outputs }) =>
        outputs.map((name) => `- ${code(source)}: ${code(withoutPrefix(name))}`),
      ),
    );
  }
  if (stack.status === "skipped" || !hasChanges(stack)) return [];
  const own = pieces.filter((piece) => piece.stack === stack.name);
  const shown = own.filter((piece) => kept.has(piece));
  const left = own.length - shown.length;
  const outputs = outputsInWords(stack.outputs);
  return unfold([
    ...(shown.length > 0
      ? block(
          "diff",
          shown.flatMap(({ lines }) => lines),
        )
      : []),
    ...(left > 0
      ? [
          "",
          `**${count(left, "resource")} of ${own.length} left out:** this comment holds no more. \`npm run plan\` shows all.`,
        ]
      : []),
    ...(outputs === "" ? [] : ["", `Outputs that change: ${outputs}`]),
  ]);
}

/** How CDKTF calls the outputs that it makes for other stacks to read. */
const CROSS_STACK = "cross-stack-output-";

function withoutPrefix(output: string): string {
  return output.startsWith(CROSS_STACK) ? output.slice(CROSS_STACK.length) : output;
}

function outputsInWords(outputs: readonly string[]): string {
  const own = outputs.filter((name) => !name.startsWith(CROSS_STACK));
  const crossing = outputs.length - own.length;
  return [...own.map(code), ...(crossing > 0 ? [`${count(crossing, "value")} that other stacks read`] : [])].join(", ");
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
