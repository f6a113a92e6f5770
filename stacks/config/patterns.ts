/**
 * Whether a pattern of a listener's rule matches a text: `*` matches any number of characters, `?` exactly one
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html). A text that is a pattern itself
 * is matched when all that it matches is, except for `?` against `*`.
 */
export function matchesPattern(pattern: string, text: string): boolean {
  // Position after the last `*`, and how much of the text it has taken. One step back is enough: an earlier `*` could only take less.
  let [star, taken] = [-1, 0];
  let [p, t] = [0, 0];
  while (t < text.length) {
    const isOne = pattern[p] === "?" && text[t] !== "*";
    if (pattern[p] === "*") {
      [star, taken] = [p, t];
      p += 1;
    } else if (p < pattern.length && (isOne || pattern[p] === text[t])) {
      p += 1;
      t += 1;
    } else if (star >= 0) {
      taken += 1;
      [p, t] = [star + 1, taken];
    } else return false;
  }
  return /^\**$/.test(pattern.slice(p));
}
