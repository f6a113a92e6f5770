import { fieldOf, filled, filledText } from "../../../stacks/config/request-templates";

const values = (reference: string) =>
  ({ counter: 7, "create.id": "a/b c", "create.tags": ["x"] })[reference] ?? `<${reference}>`;

describe("templates in requests", () => {
  it("fills them in all texts of a body, and keeps all else", () => {
    const body = { n: "${counter}", list: ["no ${counter}", null, { deep: "${create.tags}" }], yes: true };
    expect(filled(body, values)).toEqual({ n: 7, list: ["no 7", null, { deep: ["x"] }], yes: true });
  });

  it("encodes each value in a path, and nothing else of it", () => {
    expect(filledText("/orders/${create.id}/n?x=${counter}", values, encodeURIComponent)).toBe(
      "/orders/a%2Fb%20c/n?x=7",
    );
  });

  it("writes other values than texts as JSON in a longer text", () => {
    expect(filledText("tags: ${create.tags}", values)).toBe('tags: ["x"]');
  });

  it("leaves out one $ of an escaped template", () => {
    expect(filled("$${counter} is ${counter}", values)).toBe("${counter} is 7");
    expect(filled("$${counter}", values)).toBe("${counter}");
  });

  it("doesn't fill templates in the filled values", () => {
    expect(filled("a ${x}", () => "${counter}")).toBe("a ${counter}");
  });
});

describe("a field of an answer", () => {
  it.each([
    ["create.id", "1"],
    ["create.items.1.id", 2],
    ["create.items.length", 2],
    ["create.constructor", undefined],
    ["create.id.length", undefined],
    ["create.nothing.there", undefined],
  ])("%s", (reference, value) => {
    expect(fieldOf({ id: "1", items: [{}, { id: 2 }] }, reference)).toBe(value);
  });

  it("is none where the answer is no JSON", () => {
    expect(fieldOf(undefined, "create.id")).toBeUndefined();
  });
});
