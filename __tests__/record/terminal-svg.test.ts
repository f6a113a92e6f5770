import { XMLParser } from "fast-xml-parser";
import type { TextRun } from "../../scripts/record/screen";
import { terminalSvg } from "../../scripts/record/terminal-svg";

const run = (changes: Partial<TextRun> = {}): TextRun => ({
  column: 0,
  text: "hello",
  color: undefined,
  isBold: false,
  isDim: false,
  ...changes,
});
const svgOf = (...lines: TextRun[][]) => terminalSvg({ title: "A <run>", command: "npm run it", columns: 40, lines });

interface Text {
  readonly "#text": string;
  readonly x: number;
  readonly y: number;
  readonly textLength: number;
  readonly class?: string;
}

/** The texts of the picture, after those of the prompt. */
function textsOf(...lines: TextRun[][]): Text[] {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "",
    parseAttributeValue: true,
    trimValues: false,
  });
  const { svg } = parser.parse(svgOf(...lines)) as { svg: { text: Text[] } };
  return svg.text.slice(2);
}

describe("the picture of a terminal", () => {
  it("shows text as it is, with the characters that XML needs escaped", () => {
    expect(textsOf([run({ text: "a < b && c  > d" })])[0]?.["#text"]).toBe("a < b && c  > d");
    expect(svgOf([run({ text: "a < b" })])).toContain(">a &lt; b<");
  });

  it("has a title, and the command after a prompt", () => {
    const svg = svgOf();
    expect(svg).toContain('<title id="title">A &lt;run&gt;</title>');
    expect(svg).toContain('role="img" aria-labelledby="title"');
    expect(svg).toMatch(/>\$<.*\n.*>npm run it</);
  });

  it("puts each run into its column and row, as wide as its characters", () => {
    const [first, second, third] = textsOf([run(), run({ column: 10, text: "✓ ok" })], [run()]);
    expect(second).toMatchObject({ y: first?.y, x: (first?.x ?? 0) + 78, textLength: 31.2 });
    expect(third).toMatchObject({ x: first?.x, y: (first?.y ?? 0) + 18, textLength: 39 });
  });

  it("marks colours and weights, and leaves black and white to the reader's mode", () => {
    const classes = [{}, { color: 1, isBold: true }, { color: 6, isDim: true }, { color: 0 }, { color: 7 }];
    expect(textsOf(classes.map(run)).map((text) => text.class)).toEqual([
      undefined,
      "c1 bold",
      "c6 dim",
      undefined,
      undefined,
    ]);
  });

  it("has each colour for light and for dark mode, and needs no other file", () => {
    const svg = svgOf();
    const [light = "", dark = ""] = svg.split("@media (prefers-color-scheme: dark)");
    for (const name of ["window", "dots", "c1", "c2", "c3", "c4", "c5", "c6"]) {
      expect(light).toContain(`.${name} {`);
      expect(dark).toContain(`.${name} {`);
    }
    expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', "")).not.toMatch(/https?:|url\(|href|@import/);
  });
});
