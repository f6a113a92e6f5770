const LETTERS_AND_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** Makes unique ids of upper-case letters and digits. @param random gives numbers in [0, 1) */
export function idMaker(random: () => number): (length: number) => string {
  const made = new Set<string>();
  return (length) => {
    for (;;) {
      const id = Array.from({ length }, () =>
        LETTERS_AND_DIGITS.charAt(Math.floor(random() * LETTERS_AND_DIGITS.length)),
      ).join("");
      if (made.has(id)) continue;
      made.add(id);
      return id;
    }
  };
}
