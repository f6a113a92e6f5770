import { AwsError } from "../../aws-error";
import { pageOf } from "../paging";

/** Checks the number of items in a batch. @throws AwsError of the type given when there are more than `limit` */
export function requireBatch(items: readonly unknown[], limit: number, type = "BatchLimitExceededException"): void {
  if (items.length > limit) throw new AwsError(type, `A batch holds at most ${limit} items, not ${items.length}.`);
}

/** Names in a page of a list. CodeDeploy does not document its number. */
const PAGE_SIZE = 100;

/** Gives one page of a list of names. @throws AwsError InvalidNextTokenException */
export function listPage(
  names: readonly string[],
  token: string | undefined,
): { readonly items: string[]; readonly nextToken: string | undefined } {
  const page = pageOf(names, (name) => name, { token, size: PAGE_SIZE, badToken: "InvalidNextTokenException" });
  return { items: [...page.items], nextToken: page.nextToken };
}
