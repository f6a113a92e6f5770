import { readFileSync } from "node:fs";
import path from "node:path";
import { endpointOf, isKnownRegion, PARTITIONS, partitionOf, REGIONS } from "../../../stacks/config/regions";

interface SdkPartition {
  readonly id: string;
  readonly outputs: { readonly dnsSuffix: string };
  readonly regionRegex: string;
  readonly regions: Readonly<Record<string, unknown>>;
}

/** The list that AWS's SDK was released with. */
function sdkPartitions(): readonly SdkPartition[] {
  const root = path.dirname(require.resolve("@aws-sdk/core/package.json"));
  const file = path.join(root, "dist-es/submodules/client/util-endpoints/lib/aws/partitions.js");
  const text = readFileSync(file, "utf8");
  const json = text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1);
  return (JSON.parse(json) as { readonly partitions: readonly SdkPartition[] }).partitions;
}

const isGlobal = (region: string) => region.endsWith("-global");

describe("the list of partitions and regions", () => {
  const sdk = sdkPartitions();

  it("is the SDK's: a newer SDK may know a region that is missing here", () => {
    const listed = (partitions: readonly { name: string; dnsSuffix: string; regions: readonly string[] }[]) =>
      partitions
        .map(({ name, dnsSuffix, regions }) => ({ name, dnsSuffix, regions: [...regions].sort() }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(listed(PARTITIONS)).toEqual(
      listed(
        sdk.map(({ id, outputs, regions }) => ({
          name: id,
          dnsSuffix: outputs.dnsSuffix,
          regions: Object.keys(regions).filter((region) => !isGlobal(region)),
        })),
      ),
    );
  });

  it.each(REGIONS.map((region) => [region]))("has %s in the partition of its prefix", (region) => {
    expect(partitionOf(region).regions).toContain(region);
    expect(isKnownRegion(region)).toBe(true);
  });

  it.each([
    ["eu-central-9", "aws"],
    ["us-gov-north-1", "aws-us-gov"],
    ["cn-south-1", "aws-cn"],
    ["eusc-fr-west-1", "aws-eusc"],
    ["us-isof-west-1", "aws-iso-f"],
  ])("puts the newer %s into %s", (region, partition) => {
    expect(isKnownRegion(region)).toBe(false);
    expect(partitionOf(region).name).toBe(partition);
  });
});

describe("the endpoint of a service, as KMS names it", () => {
  it.each([
    ["eu-central-1", "dynamodb.eu-central-1.amazonaws.com"],
    ["us-gov-west-1", "dynamodb.us-gov-west-1.amazonaws.com"],
    ["cn-northwest-1", "dynamodb.cn-northwest-1.amazonaws.com.cn"],
    ["eusc-de-east-1", "dynamodb.eusc-de-east-1.amazonaws.eu"],
    ["us-iso-east-1", "dynamodb.us-iso-east-1.c2s.ic.gov"],
  ])("ends in %s as its endpoint does", (region, name) => {
    expect(endpointOf("dynamodb", region)).toBe(name);
  });
});
