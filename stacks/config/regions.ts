/** A partition: regions with accounts, DNS names and ARNs of their own. */
export interface Partition {
  /** As ARNs name it. */
  readonly name: string;
  /** What the names of its endpoints and registries end in. */
  readonly dnsSuffix: string;
  /** What the address of its console ends in, after the region; undefined: it has none that is public. */
  readonly console?: string;
  /** What its regions' names begin with. */
  readonly prefixes: readonly string[];
  readonly regions: readonly string[];
}

/**
 * AWS's partitions and regions, as AWS's SDK for JavaScript lists them (partitions.js of @aws-sdk/core 3.981.0); a test
 * holds this against the SDK that is installed. A region that AWS has opened since goes in here, or is taken with
 * `newRegion`. Consoles: https://docs.aws.amazon.com/general/latest/gr/rande.html,
 * https://docs.amazonaws.cn/en_us/aws/latest/userguide/endpoints-Beijing.html,
 * https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/using-govcloud-endpoints.html,
 * https://docs.aws.eu/general/latest/gr/endpoints.html.
 */
export const PARTITIONS: readonly Partition[] = [
  {
    name: "aws-cn",
    dnsSuffix: "amazonaws.com.cn",
    console: "console.amazonaws.cn",
    prefixes: ["cn-"],
    regions: ["cn-north-1", "cn-northwest-1"],
  },
  {
    name: "aws-us-gov",
    dnsSuffix: "amazonaws.com",
    console: "console.amazonaws-us-gov.com",
    prefixes: ["us-gov-"],
    regions: ["us-gov-east-1", "us-gov-west-1"],
  },
  {
    name: "aws-eusc",
    dnsSuffix: "amazonaws.eu",
    console: "console.amazonaws-eusc.eu",
    prefixes: ["eusc-"],
    regions: ["eusc-de-east-1"],
  },
  { name: "aws-iso", dnsSuffix: "c2s.ic.gov", prefixes: ["us-iso-"], regions: ["us-iso-east-1", "us-iso-west-1"] },
  {
    name: "aws-iso-b",
    dnsSuffix: "sc2s.sgov.gov",
    prefixes: ["us-isob-"],
    regions: ["us-isob-east-1", "us-isob-west-1"],
  },
  { name: "aws-iso-e", dnsSuffix: "cloud.adc-e.uk", prefixes: ["eu-isoe-"], regions: ["eu-isoe-west-1"] },
  {
    name: "aws-iso-f",
    dnsSuffix: "csp.hci.ic.gov",
    prefixes: ["us-isof-"],
    regions: ["us-isof-east-1", "us-isof-south-1"],
  },
  {
    name: "aws",
    dnsSuffix: "amazonaws.com",
    console: "console.aws.amazon.com",
    // Whatever no other partition begins with.
    prefixes: [""],
    regions: [
      ...["af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3"],
      ...["ap-south-1", "ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4"],
      ...["ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ca-central-1", "ca-west-1", "eu-central-1"],
      ...["eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3"],
      ...["il-central-1", "me-central-1", "me-south-1", "me-west-1", "mx-central-1", "sa-east-1", "sa-west-1"],
      ...["us-east-1", "us-east-2", "us-west-1", "us-west-2"],
    ],
  },
];

/** Every region in the list above. */
export const REGIONS: readonly string[] = PARTITIONS.flatMap(({ regions }) => regions);

/** Is it in the list? If not, it doesn't exist, or is newer than the list. */
export function isKnownRegion(region: string): boolean {
  return REGIONS.includes(region);
}

/** The partition of a region; one that isn't in the list goes by how its name begins. */
export function partitionOf(region: string): Partition {
  const found = PARTITIONS.find(({ prefixes }) => prefixes.some((prefix) => region.startsWith(prefix)));
  if (!found) throw new Error(`${region} belongs to no partition; add one to stacks/config/regions.ts`);
  return found;
}

/**
 * The name that KMS calls a service by when it uses a key for somebody (`kms:ViaService`), which is the service's endpoint:
 * `dynamodb.eu-central-1.amazonaws.com`, in China `dynamodb.cn-north-1.amazonaws.com.cn`.
 */
export function endpointOf(service: string, region: string): string {
  return `${service}.${region}.${partitionOf(region).dnsSuffix}`;
}

/**
 * Availability zones that an account sees, where that is fewer than three. us-west-1 has three, and lets each account use
 * two of them (https://github.com/PatMyron/cloud/issues/16). What an account sees anywhere else, Terraform finds out.
 */
export const FEWER_ZONES: Readonly<Record<string, number>> = { "us-west-1": 2 };
