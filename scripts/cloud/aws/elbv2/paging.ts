import { z } from "zod";
import { integer } from "../input";
import { pageOf } from "../paging";

/** The paging part of an input; pages hold up to 400 items, AWS's default and limit. */
export const pageInput = {
  Marker: z.string().optional(),
  PageSize: integer.pipe(z.number().min(1).max(400)).default(400),
};

/**
 * Cuts out the page that the input asks for.
 * @throws AwsError ValidationError for a marker that is none
 */
export function markedPage<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  { Marker, PageSize }: { readonly Marker?: string | undefined; readonly PageSize: number },
): { readonly items: Item[]; readonly marker: string | undefined } {
  const page = pageOf(items, keyOf, { token: Marker, size: PageSize, badToken: "ValidationError" });
  return { items: [...page.items], marker: page.nextToken };
}
