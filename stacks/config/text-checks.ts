import { isObject } from "./merge";
import type { Problem } from "./problems";

/** Control characters but for tab, line feed and carriage return. */
const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/u;
/** Half of a pair: with the flag `u` a whole one is another character. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * What no text and no key may have in it, wherever it stands: neither Terraform nor AWS would take it, or not as it is.
 * @param root one layer of the configuration
 */
export function textProblems(root: unknown, path: readonly PropertyKey[] = []): Problem[] {
  if (typeof root === "string") return problemOf(root, path, "text");
  if (Array.isArray(root)) return root.flatMap((item, index) => textProblems(item, [...path, index]));
  if (!isObject(root)) return [];
  return Object.entries(root).flatMap(([key, value]) => {
    const at = [...path, key];
    if (key === "__proto__") return [{ path: at, text: "a name that JavaScript keeps for itself; rename it" }];
    const problems = problemOf(key, at, "key");
    return problems.length > 0 ? problems : textProblems(value, at);
  });
}

/** What is wrong with one text. */
function problemOf(text: string, path: readonly PropertyKey[], what: "text" | "key"): Problem[] {
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
  // Terraform keeps all text in this form (https://pkg.go.dev/github.com/zclconf/go-cty/cty/ctystrings).
  return text === text.normalize("NFC")
    ? []
    : [
        {
          path,
          text: `the ${what} is not in Unicode's composed form (NFC), and Terraform would change it; write it so`,
        },
      ];
}

function code(character: string): string {
  return `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}

function nth(index: number): string {
  return `position ${index + 1}`;
}
