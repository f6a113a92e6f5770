import { parametersToInput } from "../../../scripts/cloud/aws/query";

describe("Query parameters", () => {
  it.each<[string, string, unknown]>([
    ["a plain value", "A=1", { A: "1" }],
    ["no Action and Version", "Action=X&Version=2&A=1", { A: "1" }],
    ["a list", "A.member.1=x&A.member.2=y", { A: ["x", "y"] }],
    ["a list of more than nine, by number", many(11), { A: Array.from({ length: 11 }, (_, index) => `${index + 1}`) }],
    ["a list with gaps", "A.member.7=y&A.member.3=x", { A: ["x", "y"] }],
    ["a list of structures", "A.member.1.B=x&A.member.1.C=y", { A: [{ B: "x", C: "y" }] }],
    ["a list in a structure in a list", "A.member.1.B.C.member.1=x", { A: [{ B: { C: ["x"] } }] }],
    ["an empty list", "A=", { A: "" }],
    ["escapes", "A=a%20b%26c+d", { A: "a b&c d" }],
    ["a structure that only looks like a list", "A.member=x", { A: { member: "x" } }],
  ])("with %s are read", (_, text, input) => {
    expect(parametersToInput(new URLSearchParams(text))).toEqual(input);
  });

  it("reach no prototype", () => {
    parametersToInput(
      new URLSearchParams("__proto__.polluted=1&constructor.prototype.polluted=1&A.__proto__.polluted=1"),
    );
    expect({}).not.toHaveProperty("polluted");
  });
});

function many(count: number): string {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  // Backwards and as text, "10" would stand before "2".
  return numbers
    .map((number) => `A.member.${number}=${number}`)
    .reverse()
    .join("&");
}
