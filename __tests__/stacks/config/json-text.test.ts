import { readJson } from "../../../stacks/config/json-text";

describe("JSON in a file", () => {
  it.each<[string, unknown]>([
    ['{"a": [1, "x", null, true], "b": {}}', { a: [1, "x", null, true], b: {} }],
    ['{"a": {"b": 1}, "c": {"b": 1}}', { a: { b: 1 }, c: { b: 1 } }],
    ['[{"a": 1}, {"a": 1}]', [{ a: 1 }, { a: 1 }]],
    ['"\\ud83d\\ude00 \\u0000"', "😀 \u0000"],
    ['{"a": 1, "A": 2, "constructor": 3}', { a: 1, A: 2, constructor: 3 }],
  ])("is read: %s", (text, value) => {
    expect(readJson(text)).toEqual({ value, problems: [] });
    expect(readJson(Buffer.from(text))).toEqual({ value, problems: [] });
  });

  it.each([
    [
      '{"a": 1,}',
      "line 1, column 9: not JSON: the name of a key is missing here; JSON needs double quotes around it, and no comma",
    ],
    ['{"a": [1,\n]}', "line 2, column 1: not JSON: a value is missing here; JSON allows no comma after the last one"],
    ['{"a": 1\n "b": 2}', "line 2, column 2: not JSON: a comma is missing here"],
    ['{"a" 1}', "line 1, column 6: not JSON: a colon is missing here"],
    ["{'a': 1}", "line 1, column 2: not JSON: not a JSON value; text needs double quotes"],
    ["{a: 1}", "line 1, column 2: not JSON: not a JSON value"],
    ['{"a": NaN}', "line 1, column 7: not JSON: not a JSON value"],
    ["// why\n{}", "line 1, column 1: not JSON: a comment"],
    ['{"a": "b\nc"}', "line 1, column 7: not JSON: a text without a double quote at its end"],
    ['{"a": "b\u0001"}', "line 1, column 7: not JSON: a control character inside text"],
    ['{"a": "\\x"}', "line 1, column 7: not JSON: not a JSON escape"],
    ['{"a": 1}}', "line 1, column 9: not JSON: text after the end of the JSON"],
    ["  \n", "not JSON: it is empty"],
    ["\uFEFF{}", "line 1, column 1: a byte order mark; save it as UTF-8 without one"],
  ])("is refused, with the place: %j", (text, problem) => {
    expect(readJson(text)).toEqual({ problems: [expect.stringContaining(problem)] });
  });

  it("is refused with the same key twice in one object, also with escapes, with each place", () => {
    const text = '{"a": 1,\n "b": [{"c": 1, "c": 1}],\n "\\u0061": 2, "a": 3}';
    expect(readJson(text)).toEqual({
      problems: [
        "line 2, column 17: b.0.c: already in line 2; keep one of them",
        "line 3, column 2: a: already in line 1; keep one of them",
        "line 3, column 15: a: already in line 1; keep one of them",
      ],
    });
  });

  it("is refused with a key that is reserved in JavaScript", () => {
    expect(readJson('{"a": {"__proto__": {}}}')).toEqual({
      problems: ["line 1, column 8: a.__proto__: a reserved name in JavaScript; rename it"],
    });
  });

  it.each([[[0x7b, 0xff, 0x7d]], [[0xff, 0xfe, 0x7b, 0x00]]])("is refused when it is not UTF-8: %j", (bytes) => {
    expect(readJson(Uint8Array.from(bytes))).toEqual({ problems: ["not UTF-8; save it as UTF-8"] });
  });
});
