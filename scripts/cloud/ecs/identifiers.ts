import { randomBytes } from "node:crypto";

/** The parts that ARNs of the service share. */
export interface Home {
  readonly region: string;
  readonly accountId: string;
  readonly cluster: string;
  readonly service: string;
}

/** Number of digits of a task set's id. */
const TASK_SET_DIGITS = 19;

/** A task's id: 32 hex digits. */
export function newTaskId(): string {
  return randomBytes(16).toString("hex");
}

/** A task set's id: `ecs-svc/` and 19 digits. */
export function newTaskSetId(): string {
  const digits = BigInt(`0x1${randomBytes(8).toString("hex")}`)
    .toString()
    .slice(-TASK_SET_DIGITS)
    .replace(/^0/, "1");
  return `ecs-svc/${digits}`;
}

/** `arn:aws:ecs:<region>:<account>:task/<cluster>/<id>`. */
export function taskArn(home: Home, id: string): string {
  return `arn:aws:ecs:${home.region}:${home.accountId}:task/${home.cluster}/${id}`;
}

/** `arn:aws:ecs:<region>:<account>:task-set/<cluster>/<service>/ecs-svc/<digits>`. */
export function taskSetArn(home: Home, id: string): string {
  return `arn:aws:ecs:${home.region}:${home.accountId}:task-set/${home.cluster}/${home.service}/${id}`;
}

/** `arn:aws:ecs:<region>:<account>:task-definition/<family>:<revision>`. */
export function taskDefinitionArn(home: Pick<Home, "region" | "accountId">, family: string, revision: number): string {
  return `arn:aws:ecs:${home.region}:${home.accountId}:task-definition/${family}:${revision}`;
}

/**
 * Offset of the first task's address, 10.0.0.4: AWS reserves the first four addresses of a subnet.
 * Source: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
 */
const FIRST_ADDRESS = 4;
/** Number of addresses before they repeat: 10.0.0.4 to 10.255.255.251. */
const ADDRESSES = 2 ** 24 - 2 * FIRST_ADDRESS;

/** The private IPv4 address of the n-th task, counted from 0. */
export function privateIp(n: number): string {
  const host = FIRST_ADDRESS + (n % ADDRESSES);
  return `10.${(host >> 16) & 255}.${(host >> 8) & 255}.${host & 255}`;
}
