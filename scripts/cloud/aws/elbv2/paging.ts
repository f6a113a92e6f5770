import { z } from "zod";
import { integer } from "../input";
import { pageOf } from "../paging";

/**
 * The paging parameters of an input. A page has at most 400 items
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeListeners.html); the same is the default.
 */
export const pageInput = {
  Marker: z.string().optional(),
  PageSize: integer.pipe(z.number().min(1).max(400)).default(400),
};

/** Gives one page of a list. @throws AwsError ValidationError for an invalid marker */
export function markedPage<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  { Marker, PageSize }: { readonly Marker?: string | undefined; readonly PageSize: number },
): { readonly items: Item[]; readonly marker: string | undefined } {
  const page = pageOf(items, keyOf, { token: Marker, size: PageSize, badToken: "ValidationError" });
  return { items: [...page.items], marker: page.nextToken };
}
