import { forPeople } from "./words";

/** Adds colour to a text, or returns it unchanged. */
export type Paint = (text: string) => string;

/** The colours a frame uses. */
export interface Palette {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly blue: Paint;
  readonly cyan: Paint;
}

/** A part of a line. Its width is counted without colour. */
interface Span {
  readonly text: string;
  readonly paint?: Paint;
}

/** One line of a frame. */
export type Line = readonly Span[];

/** A line without colour. */
export const plain = (text: string): Line => [{ text }];

/** The line as text, cut with an ellipsis at the width of the terminal. Pure. */
export function fit(line: Line, columns: number): string {
  let left = columns;
  const spans = line.map(({ text, paint }) => ({ characters: Array.from(forPeople(text)), paint }));
  const total = spans.reduce((sum, { characters }) => sum + characters.length, 0);
  const isCut = total > columns;
  let result = "";
  for (const { characters, paint = (it: string) => it } of spans) {
    const room = isCut ? left - 1 : left;
    if (characters.length <= room) {
      result += paint(characters.join(""));
      left -= characters.length;
      continue;
    }
    if (left > 0) result += paint(`${characters.slice(0, Math.max(0, room)).join("")}…`);
    break;
  }
  return result;
}
