import { worstOf, type Finding } from "../findings";
import {
  blockingReasons,
  countsOf,
  hasChanges,
  isBlocked,
  verdictOf,
  type Review,
  type ReviewVerdict,
  type StackReview,
  type Strictness,
} from "../review";
import type { Level } from "../rules/rule";
import { escaped, inlineCode, truncate } from "./escape";
import { fitSections, type Section } from "./fit";
import { collapsed, counted, listSection, MAX_LENGTH, RANKS } from "./layout";
import { stackSections } from "./stack-sections";

/** Size limit of a comment on GitHub, in characters. */
export const COMMENT_LIMIT = 65_536;
/** Smallest size limit that leaves room for the verdict and a few lines, in characters. */
export const SMALLEST_LIMIT = 4_000;
const VERDICTS: Readonly<Record<ReviewVerdict, string>> = {
  danger: "🔴 Danger",
  caution: "🟡 Caution",
  fine: "🟢 Fine",
  none: "⚪ No changes",
  unjudged: "🟠 Can't be assessed yet",
  failed: "🔴 Failed",
};
const MARKS: Readonly<Record<Level, string>> = { danger: "🔴", caution: "🟡", fine: "🟢" };

/**
 * The review as one Markdown text of at most `limit` characters: the verdict with the findings, a table, and a fold for each
 * stack. When there is no room for everything, the least risky parts are left out, with a note. Pure.
 * @param limit at least SMALLEST_LIMIT
 */
export function markdownOf(review: Review, strictness: Strictness, limit = COMMENT_LIMIT): string {
  const findings = review.stacks.flatMap((stack) =>
    stack.status === "planned" ? stack.findings.map((finding) => ({ stack: stack.name, ...finding })) : [],
  );
  return fitSections(
    [
      head(review, strictness),
      listSection(RANKS.notPlanned, review.stacks.flatMap(notPlannedLines)),
      findingList(findings.filter(({ level }) => level === "danger")),
      cautions(findings.filter(({ level }) => level === "caution")),
      table(review),
      ...review.stacks.flatMap(stackSections),
    ],
    limit,
  );
}

function head(review: Review, strictness: Strictness): Section {
  const verdict = verdictOf(review);
  const why = blockingReasons(review);
  const blocked = `**Blocked:** ${escaped(truncate(why.join("; "), MAX_LENGTH.reason))}. To accept it, add the label \`allow-danger\`.`;
  return {
    items: [],
    always: true,
    render: () => [
      `## ${VERDICTS[verdict]}: plan for ${inlineCode(truncate(review.environment, MAX_LENGTH.name))}`,
      ...(isBlocked(review, strictness) ? ["", blocked] : []),
      ...(why.length > 0 && strictness.allowDanger ? ["", "The label `allow-danger` accepts the danger."] : []),
    ],
  };
}

function notPlannedLines(stack: StackReview): readonly string[] {
  const name = inlineCode(truncate(stack.name, MAX_LENGTH.name));
  switch (stack.status) {
    case "planned":
      return [];
    case "skipped":
      return [`- ${name} was **not planned**: it was skipped on request.`];
    case "failed":
      return [
        `- ${name} was **not planned**: ${escaped(stack.step)} failed; ${escaped(truncate(stack.next, MAX_LENGTH.sentence))}.`,
      ];
    case "waiting": {
      const reasons = stack.for.map(
        ({ stack: source, outputs }) =>
          `${inlineCode(truncate(source, MAX_LENGTH.name))} (${counted(outputs.length, "value")})`,
      );
      const next = stack.applied
        ? "It has resources that this change may affect: deploy the new values first, as a separate change, then plan again."
        : "Plan again when they are applied.";
      return [
        `- ${name} **can't be planned yet**: it reads values that ${reasons.join(" and ")} must first provide. ${next}`,
      ];
    }
  }
}

type StackFinding = Finding & { readonly stack: string };

function findingList(findings: readonly StackFinding[]): Section {
  const lines = findings.map(
    ({ level, stack, address, says, rule }) =>
      `- ${MARKS[level]} ${escaped(truncate(stack, MAX_LENGTH.name))} ${inlineCode(truncate(address, MAX_LENGTH.address))}: ${escaped(truncate(says, MAX_LENGTH.sentence))} (${inlineCode(rule)})`,
  );
  return listSection(worstOf(findings) === "danger" ? RANKS.danger : RANKS.caution, lines);
}

function cautions(findings: readonly StackFinding[]): Section {
  const inner = findingList(findings);
  return { ...inner, render: (kept) => collapsed(counted(findings.length, "caution"), inner.render(kept)) };
}

function table(review: Review): Section {
  const rows = review.stacks.map((stack) => {
    const name = escaped(truncate(stack.name, MAX_LENGTH.name));
    if (stack.status !== "planned") return `| ${name} | | | | | ${statusWords(stack)} |`;
    const { add, change, replace, destroy } = countsOf(stack.changes);
    return `| ${name} | ${add} | ${change} | ${replace} | ${destroy} | ${statusWords(stack)} |`;
  });
  return {
    items: rows.map((row) => ({ rank: RANKS.table, lines: [row] })),
    render: (kept) => [
      "| stack | added | changed | replaced | destroyed | |",
      "| --- | --- | --- | --- | --- | --- |",
      ...kept.flatMap(({ lines }) => lines),
    ],
  };
}

function statusWords(stack: StackReview): string {
  switch (stack.status) {
    case "planned": {
      const counts = countsOf(stack.changes);
      const stateChanges = [
        counts.import > 0 ? `${counts.import} imported` : "",
        counts.move > 0 ? `${counts.move} moved in the state` : "",
        counts.forget > 0 ? `${counts.forget} removed from the state` : "",
      ];
      const worst = worstOf(stack.findings);
      const verdict =
        (stack.unread ?? []).length > 0 && worst !== "danger"
          ? VERDICTS.unjudged
          : worst === "fine" && !hasChanges(stack)
            ? VERDICTS.none
            : VERDICTS[worst];
      return [verdict, ...stateChanges.filter((words) => words !== "")].join(", ");
    }
    case "waiting":
      return "⏳ waits for other stacks";
    case "skipped":
      return "⚪ skipped";
    case "failed":
      return VERDICTS.failed;
  }
}
