import type { Attachment } from "@aws-sdk/client-ecs";
import { createHash } from "node:crypto";
import { uuidOf } from "../../derived-ids";
import type { Task } from "../../ecs/part";
import type { AwsBackend } from "../operation";
import { placementOf } from "./task-set";

/** What ECS tells of the network interface of a task; AWS has more on it in EC2. */
export interface NetworkInterface {
  readonly attachmentId: string;
  readonly subnetId: string | undefined;
  readonly availabilityZone: string;
  readonly networkInterfaceId: string;
  readonly macAddress: string;
  readonly privateDnsName: string;
  readonly privateIp: string;
}

/**
 * The network interface of a task, once it has an address. Its ids come from the task's own, so that they are always the
 * same. Subnets take turns; each is in a zone of its own, named here by its place in the list.
 */
export function networkInterfaceOf(task: Task, { template, parts }: AwsBackend): NetworkInterface | undefined {
  if (task.privateIp === undefined) return undefined;
  const hex = createHash("sha256").update(task.id).digest("hex");
  const { networkConfiguration } = placementOf(parts.ecs.taskSet(task.taskSetId), template.service);
  const subnets = networkConfiguration.awsvpcConfiguration?.subnets ?? [];
  const turn = subnets.length === 0 ? 0 : Number.parseInt(hex.slice(0, 6), 16) % subnets.length;
  return {
    attachmentId: uuidOf(task.id),
    subnetId: subnets[turn],
    availabilityZone: `${template.region}${String.fromCharCode("a".charCodeAt(0) + turn)}`,
    networkInterfaceId: `eni-0${hex.slice(32, 48)}`,
    // Locally administered, as AWS's are.
    macAddress: ["02", ...(hex.slice(48, 58).match(/../g) ?? [])].join(":"),
    privateDnsName: privateDnsName(task.privateIp, template.region),
    privateIp: task.privateIp,
  };
}

/** Source: VPC user guide, DNS attributes: us-east-1 has a domain of its own. */
function privateDnsName(address: string, region: string): string {
  const host = `ip-${address.replaceAll(".", "-")}`;
  return region === "us-east-1" ? `${host}.ec2.internal` : `${host}.${region}.compute.internal`;
}

/**
 * The attachment as DescribeTasks tells it. While a task is PROVISIONING, only its subnet is known. Source of the names
 * and their order: the AWS CLI's example of describe-tasks.
 */
export function attachmentOf(networkInterface: NetworkInterface, { status }: Task): Attachment {
  const {
    attachmentId,
    subnetId,
    networkInterfaceId,
    macAddress,
    privateDnsName: dnsName,
    privateIp,
  } = networkInterface;
  const isProvisioning = status === "PROVISIONING";
  const details: readonly (readonly [string, string | undefined])[] = [
    ["subnetId", subnetId],
    ...(isProvisioning
      ? []
      : ([
          ["networkInterfaceId", networkInterfaceId],
          ["macAddress", macAddress],
          ["privateDnsName", dnsName],
          ["privateIPv4Address", privateIp],
        ] as const)),
  ];
  return {
    id: attachmentId,
    type: "ElasticNetworkInterface",
    status: isProvisioning ? "PRECREATED" : status === "STOPPED" ? "DELETED" : "ATTACHED",
    details: details.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }])),
  };
}
