import { decodeCursor, encodeCursor } from "../../../api/src/tasks/cursor";

const position = { createdAt: "2026-11-23T19:48:53.993Z", id: "dc44e22b-9317-4c7f-b1f7-ea2b5cc9409a" };
const cursor = encodeCursor(position);

describe("a cursor", () => {
  it("gives back the position it was made of", () => {
    expect(decodeCursor(cursor)).toEqual(position);
  });

  it("can stand in a query string as it is", () => {
    expect(encodeURIComponent(cursor)).toBe(cursor);
  });

  it("is refused when any one character of it was changed", () => {
    const tampered = Array.from(cursor, (character, index) => {
      const other = character === "A" ? "B" : "A";
      return cursor.slice(0, index) + other + cursor.slice(index + 1);
    });
    expect(tampered.filter((one) => decodeCursor(one) !== undefined)).toEqual([]);
  });

  it.each(["", "x", cursor.slice(1), cursor.slice(0, -1), `${cursor}A`, "🐤🐤🐤🐤🐤🐤🐤🐤🐤"])("%p is none", (text) => {
    expect(decodeCursor(text)).toBeUndefined();
  });

  it("is none when it holds no task's id", () => {
    expect(decodeCursor(encodeCursor({ ...position, id: "1" }))).toBeUndefined();
  });
});
