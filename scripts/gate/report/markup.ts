/** Characters that XML 1.0 does not allow, halves of surrogate pairs, and those that change the direction of the text after them. */
const UNPRINTABLE =
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFFFE\uFFFF]|\p{Cs}/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A text that HTML and SVG show as it is, as content and in an attribute's quotes. Pure. */
export function escaped(text: string): string {
  return text.replace(UNPRINTABLE, "\uFFFD").replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}

/** The first `longest` characters of a text, in one line; ends with … when something is left out. Pure. */
export function shortened(text: string, longest: number): string {
  const characters = Array.from(text.replace(/\s+/g, " "));
  return characters.length <= longest ? characters.join("") : `${characters.slice(0, longest - 1).join("")}…`;
}
