import { Problem } from "./problem";

/** Largest number of entity tags in one If-Match. */
const MAX_TAGS = 10;

/** The entity tag of a task: its version. */
export function etagOf(task: { readonly version: number }): string {
  return `"${task.version}"`;
}

/** A parsed If-Match header. */
type IfMatch =
  | { readonly kind: "absent" }
  /** `*`: any version. */
  | { readonly kind: "any" }
  /** One of these versions. Weak tags and tags of other forms match no version, and are left out. */
  | { readonly kind: "versions"; readonly versions: readonly number[] }
  | { readonly kind: "malformed" };

/**
 * The entity tags of a list; undefined when the list is malformed. Empty elements don't count, and a tag may contain commas
 * (RFC 9110, sections 5.6.1 and 8.8.3).
 */
function tagsOf(list: string): string[] | undefined {
  const element = /[ \t,]*((?:W\/)?"[\x21\x23-\x7e\x80-\xff]*")[ \t]*(?=,|$)/y;
  const tags: string[] = [];
  let end = 0;
  for (let match = element.exec(list); match; match = element.exec(list)) {
    tags.push(match[1] ?? "");
    end = element.lastIndex;
  }
  return tags.length > 0 && /^[ \t,]*$/.test(list.slice(end)) ? tags : undefined;
}

/** Parses an If-Match header (RFC 9110, section 13.1.1). */
export function parseIfMatch(header: string | undefined): IfMatch {
  if (header === undefined) return { kind: "absent" };
  if (header.trim() === "*") return { kind: "any" };
  const tags = tagsOf(header);
  if (!tags || tags.length > MAX_TAGS) return { kind: "malformed" };
  const versions = tags.flatMap((tag) => (/^"[1-9]\d{0,14}"$/.test(tag) ? [Number(tag.slice(1, -1))] : []));
  return { kind: "versions", versions };
}

const MALFORMED = new Problem(400, {
  detail: "If-Match cannot be read.",
  errors: [{ field: "If-Match", message: 'must be the ETag of the task, e.g. "3"' }],
});

/**
 * The versions that a PATCH may replace. If-Match is required, and `*` is refused: otherwise the client could overwrite a change
 * that it has not seen.
 * @throws Problem 400 or 428
 */
export function requiredVersions(header: string | undefined): readonly number[] {
  const ifMatch = parseIfMatch(header);
  if (ifMatch.kind === "malformed") throw MALFORMED;
  if (ifMatch.kind === "versions") return ifMatch.versions;
  throw new Problem(428, {
    detail: "Send If-Match with the ETag of the task you have read, so that no other change is overwritten.",
  });
}

/**
 * The versions that a DELETE may remove; undefined: any version.
 * @throws Problem 400
 */
export function optionalVersions(header: string | undefined): readonly number[] | undefined {
  const ifMatch = parseIfMatch(header);
  if (ifMatch.kind === "malformed") throw MALFORMED;
  return ifMatch.kind === "versions" ? ifMatch.versions : undefined;
}
