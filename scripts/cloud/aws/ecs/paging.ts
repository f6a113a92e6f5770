import { z } from "zod";
import { pageOf } from "../paging";

/**
 * The paging parameters of an input. A page has at most 100 items, ECS's default and limit
 * (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html).
 */
export const ecsPageInput = {
  nextToken: z.string().optional(),
  maxResults: z.number().int().min(1).max(100).default(100),
};

/** Gives one page of a list of ARNs or names. @throws AwsError InvalidParameterException for an invalid token */
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
