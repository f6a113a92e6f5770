import { z } from "zod";
import { pageOf } from "../paging";

/** The paging part of an input; up to 100 items a page, ECS's default and limit. */
export const ecsPageInput = {
  nextToken: z.string().optional(),
  maxResults: z.number().int().min(1).max(100).default(100),
};

/** Cuts a page out of a list of ARNs or names. @throws AwsError InvalidParameterException for a token that is none */
export function ecsPage(
  names: readonly string[],
  { nextToken, maxResults }: { readonly nextToken?: string | undefined; readonly maxResults: number },
): { readonly items: string[]; readonly nextToken: string | undefined } {
  const page = pageOf(names, (name) => name, {
    token: nextToken,
    size: maxResults,
    badToken: "InvalidParameterException",
  });
  return { items: [...page.items], nextToken: page.nextToken };
}
