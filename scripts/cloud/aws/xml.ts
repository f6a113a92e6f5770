/** A value that can be written as XML. Items of a list become `<member>` elements, as in the Query protocol. */
export type XmlContent =
  string | number | boolean | null | readonly XmlContent[] | { readonly [name: string]: XmlContent };

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Characters that XML 1.0 cannot hold, not even escaped (https://www.w3.org/TR/xml/#charsets). */
const UNWRITABLE = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;

function escape(text: string): string {
  return text.replace(UNWRITABLE, "").replace(/[&<>"]/g, (character) => ESCAPES[character] ?? character);
}

/**
 * Writes one element with its content. It leaves out members that are null.
 * @param namespace the `xmlns` of the element
 */
export function xmlElement(name: string, content: XmlContent, namespace?: string): string {
  const attribute = namespace === undefined ? "" : ` xmlns="${escape(namespace)}"`;
  return `<${name}${attribute}>${inner(content)}</${name}>`;
}

function inner(content: XmlContent): string {
  if (content === null) return "";
  if (typeof content !== "object") return escape(String(content));
  const members: (readonly [string, XmlContent])[] = Array.isArray(content)
    ? content.map((item: XmlContent) => ["member", item] as const)
    : Object.entries(content);
  return members.map(([name, member]) => (member === null ? "" : xmlElement(name, member))).join("");
}
