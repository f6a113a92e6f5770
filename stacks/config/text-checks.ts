import { isObject } from "./merge";
import type { ConfigProblem } from "./problems";

/** Control characters, except tab, line feed and carriage return. */
const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/u;
/** Half of a surrogate pair. With the flag `u`, this does not match a whole pair. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Finds characters that no text and no key may have: Terraform or AWS would refuse or change them.
 * @param root one layer of the configuration
 */
export function textProblems(root: unknown, path: readonly PropertyKey[] = []): ConfigProblem[] {
  if (typeof root === "string") return problemOf(root, path, "text");
  if (Array.isArray(root)) return root.flatMap((item, index) => textProblems(item, [...path, index]));
  if (!isObject(root)) return [];
  return Object.entries(root).flatMap(([key, value]) => {
    const at = [...path, key];
    if (key === "__proto__") return [{ path: at, text: "a reserved name in JavaScript; rename it" }];
    const problems = problemOf(key, at, "key");
    return problems.length > 0 ? problems : textProblems(value, at);
  });
}

/** The problem of one text or key; empty when there is none. */
function problemOf(text: string, path: readonly PropertyKey[], what: "text" | "key"): ConfigProblem[] {
  const found = CONTROL.exec(text);
  if (found) {
    return [
      {
        path,
        text: `the ${what} has the control character ${code(found[0])} at its ${nth(found.index)}; leave it out`,
      },
    ];
  }
  const lone = LONE_SURROGATE.exec(text);
  if (lone) {
    const half = `${code(lone[0])}, half of a character,`;
    return [{ path, text: `the ${what} has ${half} at its ${nth(lone.index)}; leave it out, or write both halves` }];
  }
  // Terraform normalizes all text to NFC (https://pkg.go.dev/github.com/zclconf/go-cty/cty/ctystrings).
  return text === text.normalize("NFC")
    ? []
    : [
        {
          path,
          text: `the ${what} is not in Unicode's composed form (NFC), and Terraform would change it; write it in this form`,
        },
      ];
}

function code(character: string): string {
  return `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}

function nth(index: number): string {
  return `position ${index + 1}`;
}
