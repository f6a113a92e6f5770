import { readFileSync } from "node:fs";
import { join } from "node:path";
import { addressesOf, addressProblems, type StackJson } from "./addresses";
import { CONFIGURATIONS } from "./configurations";
import { fixtureContext, type Settings } from "../fixtures/configuration";
import { synthesizeEnvironment, type Synthesized } from "./synthesized";

/** By configuration and stack. Beside this file, so that a change of an address is a line of a review. */
const PINNED = JSON.parse(readFileSync(join(__dirname, "addresses.json"), "utf8")) as Readonly<
  Record<string, Readonly<Record<string, readonly string[]>>>
>;

const SYNTHESIZED: readonly (readonly [string, Settings])[] = [
  ["staging as in the fixture", fixtureContext("staging")],
  ...["the alarms of the article", "everything switched on", "a service without a table", "a shared load balancer"].map(
    (name) => [name, CONFIGURATIONS[name] ?? {}] as const,
  ),
];

describe.each(SYNTHESIZED)("the addresses of %s", (name, context) => {
  let synthesized: Synthesized;
  beforeAll(async () => {
    synthesized = await synthesizeEnvironment(context);
  });
  afterAll(() => synthesized.remove());

  const pinned = PINNED[name] ?? {};

  it("are of the stacks that are pinned, no more and no fewer", () => {
    expect(synthesized.stacks.map((stack) => stack.name).sort()).toEqual(Object.keys(pinned).sort());
  });

  it.each(Object.keys(pinned))("stay what they were in the stack %s: another address is another resource", (stack) => {
    const directory = synthesized.stacks.find((one) => one.name === stack)?.directory ?? "";
    const json = JSON.parse(readFileSync(join(directory, "cdk.tf.json"), "utf8")) as StackJson;
    expect(addressProblems(pinned[stack] ?? [], json)).toEqual([]);
  });
});

describe("an address that changes", () => {
  const pinned = ["aws_lb.main", "aws_vpc.main"];
  const stack = (lb: string, more: StackJson = {}): StackJson => ({
    resource: { aws_lb: { [lb]: {} }, aws_vpc: { main: {} } },
    ...more,
  });

  it("is none while everything is where it was", () => {
    expect(addressesOf(stack("main"))).toEqual(pinned);
    expect(addressProblems(pinned, stack("main"))).toEqual([]);
  });

  it("is a resource destroyed and another one made, as long as no move is recorded", () => {
    expect(addressProblems(pinned, stack("front"))).toEqual([
      expect.stringMatching(/^aws_lb\.main is gone: .*record the move/),
      expect.stringMatching(/^aws_lb\.front is new/),
    ]);
  });

  it("is the same resource once the move is recorded, from just there to just there", () => {
    const moved = (from: string, to: string) => addressProblems(pinned, stack("front", { moved: [{ from, to }] }));
    expect(moved("aws_lb.main", "aws_lb.front")).toEqual([]);
    expect(moved("aws_lb.other", "aws_lb.front")).toHaveLength(2);
    expect(moved("aws_lb.main", "aws_lb.back")).toHaveLength(2);
  });

  it("of something new has to be pinned, too", () => {
    expect(addressProblems(pinned.slice(1), stack("main"))).toEqual([expect.stringMatching(/^aws_lb\.main is new/)]);
  });
});
