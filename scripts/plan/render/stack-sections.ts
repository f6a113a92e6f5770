import { labelOf } from "../change";
import { worstOf } from "../findings";
import { hasChanges, type PlannedStack, type StackReview } from "../review";
import { codeBlock, escaped, inlineCode, truncate, wrapLine } from "./escape";
import type { Item, Section } from "./fit";
import { collapsed, counted, listSection, MAX_LENGTH, RANKS, RESOURCE_RANKS } from "./layout";
import { resourceLines } from "./resource";

/** How many lines of a long error message of Terraform are shown, from its beginning and from its end. */
const MESSAGE_LINES = { first: 45, last: 15 } as const;

/** The fold of a stack: its changes, or why they are not known. */
export function stackSections(stack: StackReview): readonly Section[] {
  const summary = `<b>${escaped(truncate(stack.name, MAX_LENGTH.name))}</b>`;
  switch (stack.status) {
    case "skipped":
      return [];
    case "failed": {
      const lines = messageLines(stack.message);
      const items = lines.map((line) => ({ rank: RANKS.message, lines: [line] }));
      const render: Section["render"] = (kept) =>
        collapsed(
          summary,
          codeBlock("text", [...kept.flatMap((item) => item.lines), ...(kept.length < lines.length ? ["…"] : [])]),
        );
      return [{ items, render }];
    }
    case "waiting": {
      const read = stack.for.flatMap(({ stack: source, outputs }) =>
        outputs.map(
          (name) =>
            `- ${inlineCode(truncate(source, MAX_LENGTH.name))}: ${inlineCode(truncate(withoutPrefix(name), MAX_LENGTH.address))}`,
        ),
      );
      const inner = listSection(RANKS.waiting, read);
      return [{ ...inner, render: (kept) => collapsed(summary, inner.render(kept)) }];
    }
    case "planned":
      return hasChanges(stack) ? [plannedSection(stack, summary)] : [];
  }
}

/**
 * The lines of an error message of Terraform. Long lines are wrapped and not cut, because AWS's reason is often at the end of a
 * line of several hundred characters. In a very long message, the middle is left out.
 */
function messageLines(message: string): readonly string[] {
  const lines = message.split("\n").flatMap((line) => wrapLine(line, MAX_LENGTH.line));
  const { first, last } = MESSAGE_LINES;
  const left = lines.length - first - last;
  if (left <= 1) return lines;
  return [...lines.slice(0, first), `… ${left} lines left out; --json shows them …`, ...lines.slice(-last)];
}

/** The resources and outputs of a stack, each shown as a whole or left out. */
function plannedSection(stack: PlannedStack, summary: string): Section {
  const resources = stack.changes.map((change): Item => {
    const level = worstOf(stack.findings.filter(({ address }) => address === labelOf(change)));
    return { rank: RESOURCE_RANKS[level], lines: resourceLines(change) };
  });
  const outputs: Item = { rank: RESOURCE_RANKS.caution, lines: outputsInWords(stack.outputs) };
  const { actions = [], unread = [] } = stack;
  const extra: Item = {
    rank: RESOURCE_RANKS.danger,
    lines: [
      ...actions.map(
        ({ address, trigger }) =>
          `Action that runs: ${inlineCode(truncate(`${address}, at ${trigger}`, MAX_LENGTH.line))}`,
      ),
      ...unread.map((what) => `**Not read by this review:** ${escaped(truncate(what, MAX_LENGTH.line))}`),
    ].flatMap((line, index) => (index === 0 ? [line] : ["", line])),
  };
  return {
    items: [...resources, ...(stack.outputs.length > 0 ? [outputs] : []), ...(extra.lines.length > 0 ? [extra] : [])],
    render: (kept) => {
      const shown = kept.filter((item) => item !== outputs && item !== extra);
      const left = resources.length - shown.length;
      const parts = [
        shown.length > 0
          ? codeBlock(
              "diff",
              shown.flatMap(({ lines }) => lines),
            )
          : [],
        left > 0
          ? [
              `**${counted(left, "resource")} of ${resources.length} left out:** the comment has reached its size limit. \`npm run plan\` shows everything.`,
            ]
          : [],
        kept.includes(outputs) ? outputs.lines : [],
        kept.includes(extra) ? extra.lines : [],
      ].filter((lines) => lines.length > 0);
      return collapsed(
        summary,
        parts.flatMap((lines, index) => (index === 0 ? lines : ["", ...lines])),
      );
    },
  };
}

/** Prefix of the outputs that CDKTF creates for other stacks to read. */
const CROSS_STACK = "cross-stack-output-";

function withoutPrefix(output: string): string {
  return output.startsWith(CROSS_STACK) ? output.slice(CROSS_STACK.length) : output;
}

function outputsInWords(outputs: readonly string[]): readonly string[] {
  const own = outputs.filter((name) => !name.startsWith(CROSS_STACK));
  const crossing = outputs.length - own.length;
  const words = [
    ...own.map(inlineCode),
    ...(crossing > 0 ? [`${counted(crossing, "value")} that other stacks read`] : []),
  ];
  return [`Outputs that change: ${words.join(", ")}`];
}
