import { formatCidr, networkOf, parseCidr, subnetRanges } from "../../stacks/config/cidr";

describe("an IPv4 range", () => {
  it.each([
    ["10.0.0.0/16", { address: 0x0a000000, bits: 16 }],
    ["255.255.255.255/32", { address: 0xffffffff, bits: 32 }],
    ["0.0.0.0/0", { address: 0, bits: 0 }],
  ])("%s is read and written", (text, cidr) => {
    expect(parseCidr(text)).toEqual(cidr);
    expect(formatCidr(cidr)).toBe(text);
  });

  it.each([
    ...["10.0.0.0", "10.0.0/16", "10.0.0.0/33", "256.0.0.0/8", " 10.0.0.0/16", "::/0", ""],
    ...["010.0.0.0/8", "10.0.0.00/8", "10.0.0.0/08"],
  ])("%j is none", (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });

  it("has a first address", () => {
    expect(networkOf({ address: 0xc0a80181, bits: 25 })).toEqual({ address: 0xc0a80180, bits: 25 });
  });
});

describe("the subnets' ranges", () => {
  const vpc = { address: 0x0a000000, bits: 16 };

  it("are an eighth of the VPC's each, public ones first", () => {
    expect(subnetRanges(vpc, 2)).toEqual({
      public: ["10.0.0.0/19", "10.0.32.0/19"],
      private: ["10.0.128.0/19", "10.0.160.0/19"],
    });
  });

  it("stay where they are when a third zone is added", () => {
    const two = subnetRanges(vpc, 2);
    const three = subnetRanges(vpc, 3);
    expect(three.public.slice(0, 2)).toEqual(two.public);
    expect(three.private.slice(0, 2)).toEqual(two.private);
    expect(three.private[2]).toBe("10.0.192.0/19");
  });

  it("are as large as a load balancer needs in the smallest VPC", () => {
    expect(subnetRanges({ address: 0x0a000000, bits: 24 }, 3).private).toEqual([
      "10.0.0.128/27",
      "10.0.0.160/27",
      "10.0.0.192/27",
    ]);
  });
});
