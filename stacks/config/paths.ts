import type { z } from "zod";
import { text } from "./rules";

/** Segments of names, joined by `/`. `.` and `..` are no names. */
const INSIDE = /^(?!\.{1,2}(?:\/|$))[^/\\:]+(?:\/(?!\.{1,2}(?:\/|$))[^/\\:]+)*$/;

/**
 * A path below the folder of cdktf.json, relative to it. Whether it exists is checked where it is used.
 * @param what what it is, for the text of what is allowed
 */
export function relativePath(what: string, accept: (path: string) => boolean = () => true): z.ZodType<string> {
  return text(
    `${what}: a path below the folder of cdktf.json, with / between its parts and without . and ..`,
    (value) => value.length <= 1024 && INSIDE.test(value) && accept(value),
  );
}
