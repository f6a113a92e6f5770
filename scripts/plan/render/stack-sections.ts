import { labelOf } from "../change";
import { worstOf } from "../findings";
import { hasChanges, type PlannedStack, type StackReview } from "../review";
import { codeBlock, inlineCode, truncate, escaped, wrapLine } from "./escape";
import type { Item, Section } from "./fit";
import { counted, collapsed, listSection, MAX_LENGTH, RANKS, RESOURCE_RANKS } from "./layout";
import { resourceLines } from "./resource";

/** Lines of Terraform's words that a reader still reads: most of them from the beginning, the others from the end. */
const MESSAGE_LINES = { first: 45, last: 15 } as const;

/** A stack to unfold: what changes in it, or why that can't be told. */
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
 * What Terraform said, whole: a long line goes on in the next. AWS's reason often ends a line of many hundred characters.
 * Of a message of very many lines, the middle is left out.
 */
function messageLines(message: string): readonly string[] {
  const lines = message.split("\n").flatMap((line) => wrapLine(line, MAX_LENGTH.line));
  const { first, last } = MESSAGE_LINES;
  const left = lines.length - first - last;
  if (left <= 1) return lines;
  return [...lines.slice(0, first), `… ${left} lines left out; --json has them …`, ...lines.slice(-last)];
}

/** The resources of a stack and its outputs, each shown as a whole or left out. */
function plannedSection(stack: PlannedStack, summary: string): Section {
  const resources = stack.changes.map((change): Item => {
    const level = worstOf(stack.findings.filter(({ address }) => address === labelOf(change)));
    return { rank: RESOURCE_RANKS[level], lines: resourceLines(change) };
  });
  const outputs: Item = { rank: RESOURCE_RANKS.caution, lines: outputsInWords(stack.outputs) };
  const { actions = [], unread = [] } = stack;
  const beside: Item = {
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
    items: [...resources, ...(stack.outputs.length > 0 ? [outputs] : []), ...(beside.lines.length > 0 ? [beside] : [])],
    render: (kept) => {
      const shown = kept.filter((item) => item !== outputs && item !== beside);
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
              `**${counted(left, "resource")} of ${resources.length} left out:** this comment holds no more. \`npm run plan\` shows all.`,
            ]
          : [],
        kept.includes(outputs) ? outputs.lines : [],
        kept.includes(beside) ? beside.lines : [],
      ].filter((lines) => lines.length > 0);
      return collapsed(
        summary,
        parts.flatMap((lines, index) => (index === 0 ? lines : ["", ...lines])),
      );
    },
  };
}

/** How CDKTF calls the outputs that it makes for other stacks to read. */
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
