import type { Check } from "./check";
import type { ConfigProblem } from "./problems";

/** Tags that the stacks set themselves. */
const OWN_TAGS = ["project", "environment", "stack"];
/**
 * AWS's limit for one resource (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html), minus our own tags and the
 * resource's Name.
 */
const MAX_TAGS = 50 - OWN_TAGS.length - 1;

/** Checks the names and the number of the tags. */
export const tagChecks: readonly Check[] = [(config, isValid) => (isValid("tags") ? tagProblems(config.tags) : [])];

function tagProblems(tags: Readonly<Record<string, string>>): ConfigProblem[] {
  const names = Object.keys(tags);
  const problems = names.flatMap((name, index): ConfigProblem[] => {
    const problem = (text: string) => [{ path: ["tags", name], text }];
    const lower = name.toLowerCase();
    if (lower.startsWith("aws:")) {
      return problem("reserved: only AWS sets tags that start with aws:; choose another name");
    }
    if (OWN_TAGS.includes(lower)) {
      return problem(`reserved: the stacks set ${OWN_TAGS.join(", ")} themselves; choose another name`);
    }
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u.test(name)) {
      return problem("not a tag's name; must be 1 to 128 letters, digits, spaces and _ . : / = + - @");
    }
    // IAM ignores case in tag names (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html).
    const isDuplicate = names.slice(0, index).some((other) => other.toLowerCase() === lower);
    return isDuplicate ? problem("there is the same name in another case; keep one") : [];
  });
  if (names.length > MAX_TAGS) {
    const text = `${names.length} tags are too many; must be at most ${MAX_TAGS}: AWS takes 50 with our own`;
    problems.push({ path: ["tags"], text });
  }
  return problems;
}
