import { contains, includesPorts, isPrivate, isRange, isWorld } from "../../scripts/plan/rules/ranges";

describe("ranges of addresses", () => {
  it.each([
    ["0.0.0.0/0", true],
    ["128.0.0.0/1", true],
    ["0.0.0.0/7", true],
    ["10.0.0.0/8", false],
    ["::/0", true],
    ["2000::/3", true],
    ["2001::/15", true],
    ["2001:db8::/16", false],
    ["2001:db8::/32", false],
    ["pl-1", false],
    ["sg-1/0", false],
  ])("%s is as good as the world: %s", (source, expected) => expect(isWorld(source)).toBe(expected));

  it.each([
    ["10.0.0.0/8", "10.1.0.0/16", true],
    ["10.1.0.0/16", "10.0.0.0/8", false],
    ["10.0.0.0/16", "10.1.0.0/16", false],
    ["0.0.0.0/0", "203.0.113.7/32", true],
    ["::/0", "2001:db8::/32", true],
    ["2001:db8::/32", "2001:db8:1::/48", true],
    ["2001:db8:1::/48", "2001:db8::/32", false],
    ["2001:db8::/33", "2001:db8:8000::/33", false],
    ["2001:db8::/32", "2001:DB8:0:0::/48", true],
    ["2001:db8::/32", "2001:DB8::/32", true],
    ["::/0", "0.0.0.0/0", false],
    ["0.0.0.0/0", "::/0", false],
    ["pl-1", "pl-1", true],
    ["pl-1", "pl-2", false],
    ["0.0.0.0/0", "sg-1", false],
  ])("%s contains %s: %s", (wide, narrow, expected) => expect(contains(wide, narrow)).toBe(expected));

  it.each([
    ["10.0.0.0/8", true],
    ["172.16.0.0/12", true],
    ["192.168.4.0/24", true],
    ["100.64.0.0/10", true],
    ["fd00::/8", true],
    ["172.15.0.0/16", false],
    ["203.0.113.0/24", false],
    ["2001:db8::/32", false],
    ["10.0.0.0/7", false],
  ])("%s is private: %s", (range, expected) => expect(isPrivate(range)).toBe(expected));

  it.each([
    ["tcp", 10, 20, true],
    ["tcp", 11, 19, true],
    ["tcp", 9, 20, false],
    ["tcp", 10, 21, false],
    ["udp", 10, 20, false],
    ["-1", 10, 20, false],
  ])("tcp 10 to 20 includes %s %d to %d: %s", (protocol, from, to, expected) => {
    expect(includesPorts({ protocol: "tcp", from: 10, to: 20 }, { protocol, from, to })).toBe(expected);
    expect(includesPorts({ protocol: "-1", from: 0, to: 65_535 }, { protocol, from, to })).toBe(true);
  });

  it.each([
    ["10.0.0.0/8", true],
    ["2001:db8::/32", true],
    ["10.0.0.0", false],
    ["sg-1", false],
  ])("%s is a range: %s", (source, expected) => expect(isRange(source)).toBe(expected));
});
