/** A part of a section that is shown as a whole or left out. */
export interface Item {
  /** Items with a higher rank are kept first when there is no room for all. */
  readonly rank: number;
  readonly lines: readonly string[];
}

/** A part of the text that is complete by itself: it closes every fence and fold that it opens. */
export interface Section {
  readonly items: readonly Item[];
  /** Shown even without an item. */
  readonly always?: boolean;
  /** The lines of the section with the items that are kept, in their order. */
  readonly render: (kept: readonly Item[]) => readonly string[];
}

const NOTICE = "**More was left out:** the comment has reached its size limit. `npm run plan` shows everything.";
const BETWEEN = "\n\n";

/**
 * Joins sections to one text of at most `limit` characters, provided that those with `always` fit. Items with the lowest rank are
 * left out first, each as a whole, so that no fence or fold stays open. Pure.
 */
export function fitSections(sections: readonly Section[], limit: number): string {
  const kept = sections.map((): ReadonlySet<Item> => new Set());
  const textOf = (section: Section, items: ReadonlySet<Item>) =>
    items.size === 0 && section.always !== true
      ? ""
      : section.render(section.items.filter((item) => items.has(item))).join("\n");
  const texts = sections.map((section) => textOf(section, new Set()));
  const sizeOf = (text: string) => (text === "" ? 0 : text.length + BETWEEN.length);
  let room = limit - NOTICE.length - BETWEEN.length - texts.reduce((sum, text) => sum + sizeOf(text), 0);
  const wanted = sections
    .flatMap((section, index) => section.items.map((item) => ({ section, index, item })))
    .sort((one, other) => other.item.rank - one.item.rank);
  for (const { section, index, item } of wanted) {
    const more = new Set(kept[index]).add(item);
    const text = textOf(section, more);
    const growth = sizeOf(text) - sizeOf(texts[index] ?? "");
    if (growth > room) continue;
    room -= growth;
    kept[index] = more;
    texts[index] = text;
  }
  const dropped = sections.some(({ items }, index) => items.length > 0 && kept[index]?.size === 0);
  return `${[...texts.filter((text) => text !== ""), ...(dropped ? [NOTICE] : [])].join(BETWEEN)}\n`;
}
