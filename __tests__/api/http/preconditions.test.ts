import { etagOf, optionalVersions, parseIfMatch, requiredVersions } from "../../../api/src/http/preconditions";

describe("If-Match", () => {
  it.each([
    [undefined, { kind: "absent" }],
    ["", { kind: "malformed" }],
    [" ", { kind: "malformed" }],
    [" , ", { kind: "malformed" }],
    [" * ", { kind: "any" }],
    ['"3"', { kind: "versions", versions: [3] }],
    ['"3", "5"', { kind: "versions", versions: [3, 5] }],
    ['"3","5"', { kind: "versions", versions: [3, 5] }],
    [' , "3" ,,\t"5",', { kind: "versions", versions: [3, 5] }],
    ['"3",', { kind: "versions", versions: [3] }],
    ['"a,b", "3"', { kind: "versions", versions: [3] }],
    ['"ä"', { kind: "versions", versions: [] }],
    ['""', { kind: "versions", versions: [] }],
    ['W/"3"', { kind: "versions", versions: [] }],
    ['"somebody-elses"', { kind: "versions", versions: [] }],
    ['"0"', { kind: "versions", versions: [] }],
    ["3", { kind: "malformed" }],
    ['"3', { kind: "malformed" }],
    ['"3" "5"', { kind: "malformed" }],
    ['"3", *', { kind: "malformed" }],
    ['"3", 5', { kind: "malformed" }],
    ['"a b"', { kind: "malformed" }],
    ['w/"3"', { kind: "malformed" }],
    [Array.from({ length: 11 }, (_, index) => `"${index + 1}"`).join(","), { kind: "malformed" }],
  ])("%p is read", (header, expected) => {
    expect(parseIfMatch(header)).toEqual(expected);
  });

  it("reads the entity tag that a task is given", () => {
    expect(parseIfMatch(etagOf({ version: 12 }))).toEqual({ kind: "versions", versions: [12] });
  });

  it.each([
    [undefined, 428],
    ["*", 428],
    ["3", 400],
    ["", 400],
  ])("%p on a change is refused", (header, status) => {
    expect(() => requiredVersions(header)).toThrow(expect.objectContaining({ status }) as Error);
  });

  it.each([
    [undefined, undefined],
    ["*", undefined],
    ['"3"', [3]],
  ])("%p on a removal is accepted", (header, versions) => {
    expect(optionalVersions(header)).toEqual(versions);
  });

  it.each(["3", ""])("%p is refused on a removal: it is not the same as none", (header) => {
    expect(() => optionalVersions(header)).toThrow(expect.objectContaining({ status: 400 }) as Error);
  });
});
