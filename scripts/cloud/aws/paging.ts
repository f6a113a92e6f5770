import { AwsError } from "../aws-error";

/** One page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Opaque; absent on the last page. */
  readonly nextToken?: string;
}

/**
 * Cuts a page out of a list. A token names the last item of the page before it, so a list that grows at its head
 * between two calls neither repeats nor skips an item.
 * @param keyOf a text that is unique to an item and stays
 * @param size items in a page
 * @param badToken the service's AWS error type for a token that is not one
 * @throws AwsError of that type when the token isn't ours or its item is gone
 */
export function pageOf<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  { token, size, badToken }: { readonly token: string | undefined; readonly size: number; readonly badToken: string },
): Page<Item> {
  let start = 0;
  if (token !== undefined) {
    const last = Buffer.from(token, "base64url").toString("utf8");
    start = items.findIndex((item) => keyOf(item) === last) + 1;
    if (start === 0) throw new AwsError(badToken, "The token is not one that this list gave out, or it has expired.");
  }
  const page = items.slice(start, start + size);
  const last = page.at(-1);
  const more = last !== undefined && start + size < items.length;
  return { items: page, ...(more && { nextToken: Buffer.from(keyOf(last), "utf8").toString("base64url") }) };
}
