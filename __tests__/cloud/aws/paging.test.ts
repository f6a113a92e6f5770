import { AwsError } from "../../../scripts/cloud/aws-error";
import { pageOf } from "../../../scripts/cloud/aws/paging";

const page = (items: readonly string[], size: number, token?: string) =>
  pageOf(items, (item) => item, { token, size, badToken: "InvalidNextTokenException" });

describe("a page", () => {
  it.each([
    ["of an empty list", [], 2, [[]]],
    ["that holds everything", ["a", "b"], 2, [["a", "b"]]],
    ["after page", ["a", "b", "c", "d", "e"], 2, [["a", "b"], ["c", "d"], ["e"]]],
  ])("%s ends where the list ends", (_, items, size, pages) => {
    const seen: (readonly string[])[] = [];
    let token: string | undefined;
    do {
      const next = page(items, size, token);
      seen.push(next.items);
      token = next.nextToken;
    } while (token !== undefined);
    expect(seen).toEqual(pages);
  });

  it("goes on behind its last item when the list has grown at its head", () => {
    const { nextToken } = page(["b", "c", "d"], 1);
    expect(page(["a", "b", "c", "d"], 2, nextToken).items).toEqual(["c", "d"]);
  });

  it("is refused for a token whose item is gone", () => {
    const { nextToken } = page(["a", "b"], 1);
    expect(() => page(["b"], 1, nextToken)).toThrow(AwsError);
  });
});
