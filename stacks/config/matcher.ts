/**
 * Statuses that an application load balancer can take as healthy
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Matcher.html).
 */
const ALLOWED = { from: 200, to: 499 };
const RANGE = /^(\d{3})(?:-(\d{3}))?$/;

/** What a matcher must be. */
export const MATCHER = 'statuses from 200 to 499, such as "200", "200,204" or "200-299"';

/**
 * Reads a matcher: statuses and ranges of statuses, with commas between them.
 * @returns whether a status is one of them; undefined when the text is no matcher that a load balancer accepts
 */
export function matcherOf(text: string): ((status: number) => boolean) | undefined {
  const ranges = text.split(",").map((part) => {
    const [, first = "", last = first] = RANGE.exec(part) ?? [];
    return { from: Number(first), to: Number(last) };
  });
  if (ranges.some(({ from, to }) => from < ALLOWED.from || to > ALLOWED.to || from > to)) return undefined;
  return (status) => ranges.some(({ from, to }) => status >= from && status <= to);
}
