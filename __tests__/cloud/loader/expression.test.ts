import { ExpressionSyntaxError, parseTemplate } from "../../../scripts/cloud/loader/expression";

const literal = (value: unknown) => ({ kind: "literal", value });
const reference = (...path: (string | number)[]) => ({ kind: "reference", path });

describe("parseTemplate", () => {
  it.each([
    ["text without an expression", "plain", literal("plain")],
    ["the empty string", "", literal("")],
    ["a reference", "${aws_lb.main.arn}", reference("aws_lb", "main", "arn")],
    [
      "names with hyphens",
      "${data.x.cross-stack.outputs.a-b}",
      reference("data", "x", "cross-stack", "outputs", "a-b"),
    ],
    ["an index in brackets", "${x.y.names[1]}", reference("x", "y", "names", 1)],
    ["an index after a dot", "${x.y.names.1}", reference("x", "y", "names", 1)],
    ["a key in brackets", '${x.y.outputs["a.b"]}', reference("x", "y", "outputs", "a.b")],
    ["white space around", "${ x.y.z }", reference("x", "y", "z")],
    ["an escaped interpolation", "$${x}", literal("${x}")],
    ["an escaped directive", "%%{x}", literal("%{x}")],
    ["a dollar sign alone", "5$ {", literal("5$ {")],
    ["keywords", "${true}", literal(true)],
    ["negative numbers", "${-1.5}", literal(-1.5)],
    ["escapes in a quoted string", '${"a\\"\\n\\u0041"}', literal('a"\nA')],
  ])("reads %s", (_what, text, expected) => {
    expect(parseTemplate(text)).toEqual(expected);
  });

  it("reads text with several interpolations, one inside another's quotes", () => {
    expect(parseTemplate('a/${x.y.z}/${"b-${p.q.r}"}')).toEqual({
      kind: "template",
      parts: [
        literal("a/"),
        reference("x", "y", "z"),
        literal("/"),
        { kind: "template", parts: [literal("b-"), reference("p", "q", "r")] },
      ],
    });
  });

  it("reads calls, lists and objects as CDKTF writes them", () => {
    expect(parseTemplate('${jsonencode([{"name" = "api", port: 80, "x" = a.b.c}, []])}')).toEqual({
      kind: "call",
      name: "jsonencode",
      args: [
        {
          kind: "list",
          items: [
            {
              kind: "object",
              entries: [
                [literal("name"), literal("api")],
                [literal("port"), literal(80)],
                [literal("x"), reference("a", "b", "c")],
              ],
            },
            { kind: "list", items: [] },
          ],
        },
      ],
    });
  });

  it.each([
    ["an operator", "${a.b.c + 1}", /no operator.*"\+ 1}"/],
    ["a conditional", "${a.b.c ? 1 : 2}", /no operator/],
    ["a comparison", "${a.b.c == 1}", /no operator/],
    ["a splat", "${a.b[*].c}", /a name/],
    ["a directive", "%{ if x }y%{ endif }", /no %\{…\} directive/],
    ["an unclosed interpolation", "${a.b.c", /expected }.*the end/],
    ["an unclosed string", '${"abc', /closing "/],
    ["an index that is computed", "${a.b[c.d.e]}", /number or a string/],
  ])("refuses %s, saying where", (_what, text, message) => {
    expect(() => parseTemplate(text)).toThrow(ExpressionSyntaxError);
    expect(() => parseTemplate(text)).toThrow(message);
  });
});
