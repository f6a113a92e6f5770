import type { Attachment } from "@aws-sdk/client-ecs";
import { createHash } from "node:crypto";
import { uuidOf } from "../../derived-ids";
import type { Task } from "../../ecs/part";
import type { AwsBackend } from "../operation";
import { placementOf } from "./task-set";

/** The network interface of a task, as far as ECS returns it. */
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
 * The network interface of a task; undefined until the task has an address. Its ids and subnet derive from the task's id, so
 * each call gives the same. Each subnet is in its own availability zone, named by its position in the list.
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
    // 02 marks a locally administered address, as AWS's are.
    macAddress: ["02", ...(hex.slice(48, 58).match(/../g) ?? [])].join(":"),
    privateDnsName: privateDnsName(task.privateIp, template.region),
    privateIp: task.privateIp,
  };
}

/** us-east-1 has its own domain (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html). */
function privateDnsName(address: string, region: string): string {
  const host = `ip-${address.replaceAll(".", "-")}`;
  return region === "us-east-1" ? `${host}.ec2.internal` : `${host}.${region}.compute.internal`;
}

/**
 * The attachment as DescribeTasks returns it. While a task is PROVISIONING, it has only the subnet. Names and order are those
 * of the example in https://docs.aws.amazon.com/cli/latest/reference/ecs/describe-tasks.html.
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
