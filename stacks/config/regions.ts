/** A partition: a group of regions with its own accounts, DNS names and ARNs. */
export interface Partition {
  /** The name in ARNs. */
  readonly name: string;
  /** The end of the DNS names of its endpoints and registries. */
  readonly dnsSuffix: string;
  /** The console's host, after the region's name; undefined when the partition has no public console. */
  readonly console?: string;
  /** How the names of its regions begin. */
  readonly prefixes: readonly string[];
  readonly regions: readonly string[];
}

/**
 * AWS's partitions and regions, from the AWS SDK for JavaScript (partitions.js of @aws-sdk/core 3.981.0). A test compares them with
 * the installed SDK. Add a newer region here, or accept it with `newRegion`. Sources of the consoles:
 * https://docs.aws.amazon.com/general/latest/gr/rande.html,
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
    // All regions that start with no prefix of the partitions above.
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

/** All regions of PARTITIONS. */
export const REGIONS: readonly string[] = PARTITIONS.flatMap(({ regions }) => regions);

/** Whether the region is in PARTITIONS. Another region doesn't exist, or is newer than the list. */
export function isKnownRegion(region: string): boolean {
  return REGIONS.includes(region);
}

/**
 * The partition of a region, by the beginning of its name. This includes regions that are newer than the list.
 * @throws Error when no partition fits
 */
export function partitionOf(region: string): Partition {
  const found = PARTITIONS.find(({ prefixes }) => prefixes.some((prefix) => region.startsWith(prefix)));
  if (!found) throw new Error(`${region} belongs to no partition; add one to stacks/config/regions.ts`);
  return found;
}

/**
 * A service's endpoint, such as `dynamodb.eu-central-1.amazonaws.com`, in China `dynamodb.cn-north-1.amazonaws.com.cn`. The
 * condition key `kms:ViaService` uses these names
 * (https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service).
 */
export function endpointOf(service: string, region: string): string {
  return `${service}.${region}.${partitionOf(region).dnsSuffix}`;
}

/**
 * Number of availability zones that an account can use, in regions where it is known to be less than three. us-west-1 has three,
 * and each account can use two of them (https://github.com/PatMyron/cloud/issues/16). For other regions, Terraform checks it.
 */
export const FEWER_ZONES: Readonly<Record<string, number>> = { "us-west-1": 2 };
