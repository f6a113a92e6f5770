import { etagOf, optionalVersions, parseIfMatch, requiredVersions } from "../../../api/src/http/preconditions";

describe("If-Match", () => {
  it.each([
    [undefined, { kind: "absent" }],
    ["", { kind: "absent" }],
    [" * ", { kind: "any" }],
    ['"3"', { kind: "versions", versions: [3] }],
    ['"3", "5"', { kind: "versions", versions: [3, 5] }],
    ['W/"3"', { kind: "versions", versions: [] }],
    ['"somebody-elses"', { kind: "versions", versions: [] }],
    ['"0"', { kind: "versions", versions: [] }],
    ["3", { kind: "malformed" }],
    ['"3', { kind: "malformed" }],
    ['"3",,', { kind: "malformed" }],
    [Array.from({ length: 11 }, (_, index) => `"${index + 1}"`).join(","), { kind: "malformed" }],
  ])("%p is read", (header, expected) => {
    expect(parseIfMatch(header)).toEqual(expected);
  });

  it("reads the entity tag that a task is given", () => {
    expect(parseIfMatch(etagOf({ version: 12 }))).toEqual({ kind: "versions", versions: [12] });
  });

  it.each([
    ["", 428],
    ["*", 428],
    ["3", 400],
  ])("%p on a change is refused", (header, status) => {
    expect(() => requiredVersions(header)).toThrow(expect.objectContaining({ status }) as Error);
  });

  it.each([
    ["", undefined],
    ["*", undefined],
    ['"3"', [3]],
  ])("%p on a removal is accepted", (header, versions) => {
    expect(optionalVersions(header)).toEqual(versions);
  });

  it("is refused on a removal when it cannot be read", () => {
    expect(() => optionalVersions("3")).toThrow(expect.objectContaining({ status: 400 }) as Error);
  });
});
