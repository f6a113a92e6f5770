import { parseExact, stringifyExact } from "../../scripts/release/exact-json";

describe("JSON without loss of digits", () => {
  it.each([
    '{"a":9007199254740993,"b":-12345678901234567890,"c":[0.12345678901234567890]}',
    '{"text":"9007199254740993 \\"12345678901234567890\\" \\\\","n":1}',
    '{"123456789012345678":1e400}',
    '{"small":12,"fraction":0.25,"list":[],"nothing":null,"yes":true}',
  ])("is written as it was read: %s", (text) => {
    expect(stringifyExact(parseExact(text))).toBe(text);
  });

  it("has plain numbers when these keep all digits", () => {
    expect(parseExact('{"cpu":256,"share":0.5}')).toEqual({ cpu: 256, share: 0.5 });
  });

  it("is an error when the text is not JSON", () => {
    expect(() => parseExact("<html>")).toThrow(SyntaxError);
  });
});
