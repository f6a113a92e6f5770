import type { IncomingMessage } from "node:http";
import type { RuleConditions } from "../template";

/** The part of a request on which rules decide. */
export type RuledRequest = Pick<IncomingMessage, "url" | "headers">;

/**
 * Decides whether requests fit the conditions of a rule. A host is compared without its port and without regard to case,
 * a path without its query and with regard to case.
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
 */
export function conditionsMatcher({ hosts, paths }: RuleConditions): (request: RuledRequest) => boolean {
  const hostPatterns = hosts?.map((host) => patternOf(host, "is"));
  const pathPatterns = paths?.map((path) => patternOf(path, "s"));
  return ({ url = "", headers }) =>
    fits(hostPatterns, (headers.host ?? "").replace(/:\d*$/, "")) && fits(pathPatterns, pathOf(url));
}

/** The path of a request's target, without its query. */
export function pathOf(url: string): string {
  // A request to a proxy names the whole URL: RFC 9112, 3.2.2 (https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2).
  const path = /^https?:\/\/[^/?]*(.*)$/is.exec(url)?.[1] ?? url;
  return path.split("?", 1)[0] ?? path;
}

function fits(patterns: readonly RegExp[] | undefined, value: string): boolean {
  return patterns === undefined || patterns.some((pattern) => pattern.test(value));
}

function patternOf(text: string, flags: string): RegExp {
  const escaped = text.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, flags);
}
