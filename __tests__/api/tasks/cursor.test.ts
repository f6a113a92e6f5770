import { decodeCursor, encodeCursor } from "../../../api/src/tasks/cursor";

const position = { createdAt: "2026-11-23T19:48:53.993Z", id: "dc44e22b-9317-4c7f-b1f7-ea2b5cc9409a" };
const cursor = encodeCursor(position);

describe("a cursor", () => {
  it("decodes to its position", () => {
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

  // Anyone can compute the checksum, and what DynamoDB cannot take for a key would be answered with 500.
  it.each([
    ["no id", { id: "1" }],
    ["an id of another making", { id: "dc44e22b-9317-1c7f-b1f7-ea2b5cc9409a" }],
    ["something after the id", { id: `${position.id} more` }],
    ["no time", { createdAt: "" }],
    ["a time of 3000 characters", { createdAt: "2".repeat(3000) }],
    ["a time in another zone", { createdAt: "2026-11-23T19:48:53.993+01:00" }],
    ["a time without milliseconds", { createdAt: "2026-11-23T19:48:53Z" }],
    ["a day that no month has", { createdAt: "2026-02-30T19:48:53.993Z" }],
    ["a time that is a number", { createdAt: "1795463333993" }],
  ])("is none when it holds %s, though its checksum is right", (_what, forged) => {
    expect(decodeCursor(encodeCursor({ ...position, ...forged }))).toBeUndefined();
  });
});
