import { AwsError } from "../aws-error";

/** One page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Opaque; absent on the last page. */
  readonly nextToken?: string;
}

/**
 * Gives one page of a list. A token holds the key of the last item of the previous page, so a list that gets new items at its
 * head between two calls neither repeats nor skips an item.
 * @param keyOf gives a key that is unique and does not change
 * @param size the maximum number of items in a page
 * @param badToken the service's AWS error type for an invalid token
 * @throws AwsError of that type when the token is invalid or its item no longer exists
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
