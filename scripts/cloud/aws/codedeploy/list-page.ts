import { pageOf } from "../paging";

/** Names in a page of CodeDeploy's lists. */
const PAGE_SIZE = 100;

/** Cuts a page out of a list of names. @throws AwsError InvalidNextTokenException */
export function listPage(
  names: readonly string[],
  token: string | undefined,
): { readonly items: string[]; readonly nextToken: string | undefined } {
  const page = pageOf(names, (name) => name, { token, size: PAGE_SIZE, badToken: "InvalidNextTokenException" });
  return { items: [...page.items], nextToken: page.nextToken };
}
