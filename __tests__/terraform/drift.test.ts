import { changesBut } from "./drift";
import type { PlannedChange } from "./terraform";

const drift = [{ type: "aws_lb", attribute: "tags", reason: "forgotten" }];
const change = (actions: readonly string[], attributes: readonly string[]): PlannedChange => ({
  address: "aws_lb.main",
  type: "aws_lb",
  actions,
  attributes,
});

describe("what a plan shows beside the emulator's drift", () => {
  it.each<[string, PlannedChange, string[]]>([
    ["nothing, when a known attribute alone is set again", change(["update"], ["tags"]), []],
    ["the other attribute", change(["update"], ["name", "tags"]), ["update aws_lb.main: name"]],
    ["a replacement, whatever it is for", change(["delete", "create"], ["tags"]), ["delete+create aws_lb.main: tags"]],
    ["something made", change(["create"], []), ["create aws_lb.main"]],
    ["an update that names no attribute", change(["update"], []), ["update aws_lb.main"]],
    [
      "an attribute known of another type",
      { ...change(["update"], ["tags"]), type: "aws_vpc" },
      ["update aws_lb.main: tags"],
    ],
  ])("is %s", (_, planned, shown) => {
    expect(changesBut(drift, [planned])).toEqual(shown);
  });
});
