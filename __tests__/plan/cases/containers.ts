import { create, destroy, replace, update } from "../plan-fixture";
import type { Case } from "./case";

const TASK = "aws_ecs_task_definition";
const RULE = "security-container-unguarded";
const OTHERWISE = "changes-container";
const capabilities = (of: object) => ({ linuxParameters: { capabilities: of } });
const containers = (...all: readonly object[]) => ({ container_definitions: JSON.stringify(all) });
const devices = (...paths: readonly string[]) => ({
  linuxParameters: { devices: paths.map((hostPath) => ({ hostPath })) },
});
const LOGS = { logConfiguration: { logDriver: "awslogs" } };
const api = (values: object) => ({ name: "api", image: "x", ...values });

/** Containers that are less protected, or run in another way. A changed task definition is replaced by a new revision. */
export const CONTAINERS: readonly Case[] = [
  {
    rule: RULE,
    when: "a container no longer writes logs",
    trips: [replace(TASK, containers(api(LOGS)), containers(api({})))],
    says: /^container api no longer writes logs/,
    silent: [replace(TASK, containers(api({})), containers(api(LOGS)))],
  },
  {
    rule: RULE,
    when: "a container can write to its root file system",
    trips: [update(TASK, containers(api({ readonlyRootFilesystem: true })), containers(api({})))],
    says: /^container api can write to its root file system/,
    silent: [
      update(
        TASK,
        containers(api({ readonlyRootFilesystem: true })),
        containers(api({ readonlyRootFilesystem: true })),
      ),
    ],
  },
  {
    rule: RULE,
    when: "it is one of several containers",
    trips: [
      replace(TASK, containers({ name: "proxy" }, api(LOGS)), containers(api({}), { name: "proxy", image: "y" })),
    ],
    says: /^container api no longer writes logs/,
    silent: [
      replace(TASK, containers(api(LOGS)), containers(api(LOGS), { name: "new" })),
      create(TASK, containers(api({})), { name: "first" }),
      destroy(TASK, containers(api(LOGS)), { name: "last" }),
      replace(TASK, containers(api(LOGS)), {}, { after_unknown: { container_definitions: true }, name: "unknown" }),
      replace(TASK, containers(api(LOGS)), { container_definitions: "no JSON" }, { name: "unreadable" }),
    ],
  },
  ...(
    [
      ["runs as root by number", { user: "1000" }, { user: "0" }, /^container api runs as 0 and not as 1000$/],
      ["runs as root with a group", { user: "1000:1000" }, { user: "0:0" }, /runs as 0:0 and not as 1000:1000$/],
      ["runs as root by name", { user: "node" }, { user: "root" }, /runs as root and not as node$/],
      ["runs as root by a padded number", { user: "10" }, { user: "00" }, /runs as 00 and not as 10$/],
      ["runs as root by a signed number", { user: "rooty" }, { user: "+0" }, /runs as \+0 and not as rooty$/],
      ["runs as root in a group", { user: "a0" }, { user: ":5" }, /runs as :5 and not as a0$/],
      ["runs as root by a number that is no text", { user: 1000 }, { user: 0 }, /runs as 0 and not as 1000$/],
      ["runs as whoever the image says", { user: "node" }, {}, /runs as the user of its image, which may be root/],
      ["is privileged", {}, { privileged: true }, /is privileged/],
      ["may do more", {}, capabilities({ add: ["SYS_PTRACE"] }), /gets more capabilities of the kernel: SYS_PTRACE$/],
      ["gives up less", capabilities({ drop: ["ALL"] }), capabilities({}), /no longer drops the capabilities ALL/],
      [
        "is bound by less",
        { dockerSecurityOptions: ["no-new-privileges"] },
        {},
        /no longer restricted by no-new-privileges$/,
      ],
      [
        "has a secret in plain text",
        { secrets: [{ name: "KEY", valueFrom: "arn" }] },
        { environment: [{ name: "KEY", value: "x" }] },
        /has KEY in plain text instead of from a secret$/,
      ],
      [
        "reaches a device",
        {},
        { linuxParameters: { devices: [{ hostPath: "/dev/kmsg" }] } },
        /can access devices of the host: \/dev\/kmsg$/,
      ],
      [
        "reaches another device, which it used to name",
        { ...devices("/dev/a"), command: ["/dev/b"] },
        { ...devices("/dev/a", "/dev/b"), command: ["/dev/b"] },
        /can access devices of the host: \/dev\/b$/,
      ],
      [
        "may write to what it only read",
        { mountPoints: [{ containerPath: "/data", readOnly: true }] },
        { mountPoints: [{ containerPath: "/data", readOnly: false }] },
        /may write to \/data$/,
      ],
    ] as const
  ).map(([when, before, after, says]): Case => ({
    ...{ rule: RULE, when: `a container ${when}`, says },
    trips: [replace(TASK, containers(api(before)), containers(api(after)))],
    silent: [
      replace(TASK, containers(api(after)), containers(api(before))),
      replace(TASK, containers(api(after)), containers(api({ ...after, image: "y" })), { name: "same" }),
    ],
  })),
  {
    rule: RULE,
    when: "a new container is privileged",
    trips: [replace(TASK, containers(api({})), containers(api({}), { name: "agent", privileged: true }))],
    says: /^container agent is privileged/,
    silent: [
      replace(TASK, containers(api({ user: "1000" })), containers(api({ user: "1001" }), { name: "agent", user: "0" })),
      replace(
        TASK,
        containers(api({})),
        containers(api({}), { name: "agent", mountPoints: [{ containerPath: "/a" }] }),
      ),
      replace(
        TASK,
        containers(api({ secrets: [{ name: "KEY", valueFrom: "arn" }] })),
        containers(api({ environment: [{ name: "OTHER", value: "x" }] })),
      ),
      create(TASK, containers(api({ privileged: true })), { name: "first" }),
    ],
  },
  {
    rule: OTHERWISE,
    when: "a container is removed",
    trips: [replace(TASK, containers(api({}), { name: "proxy" }), containers(api({})))],
    says: /^container proxy is removed$/,
    silent: [
      replace(TASK, containers(api({})), containers(api({}), { name: "proxy" })),
      replace(TASK, containers(api({})), {}, { after_unknown: { container_definitions: true }, name: "unknown" }),
    ],
  },
  {
    rule: OTHERWISE,
    when: "a container has less time to stop",
    trips: [replace(TASK, containers(api({ stopTimeout: 30 })), containers(api({ stopTimeout: 2 })))],
    says: /stopTimeout goes from 30 to 2: requests in flight are aborted/,
    silent: [replace(TASK, containers(api({ stopTimeout: 30 })), containers(api({ stopTimeout: 90 })))],
  },
  ...["startTimeout", "memory", "cpu"].map((member): Case => ({
    rule: OTHERWISE,
    when: `a container has less ${member}`,
    trips: [replace(TASK, containers(api({ [member]: 512 })), containers(api({ [member]: 128 })))],
    says: new RegExp(`^container api: ${member} goes from 512 to 128`),
    level: "caution",
    silent: [replace(TASK, containers(api({ [member]: 128 })), containers(api({ [member]: 512 })))],
  })),
  ...(
    [
      ["healthCheck", { command: ["a"] }, { command: ["b"] }],
      ["command", ["a"], ["b"]],
      ["entryPoint", ["a"], ["b"]],
      ["workingDirectory", "/a", "/b"],
      ["portMappings", [{ containerPort: 3000 }], [{ containerPort: 4000 }]],
      ["essential", true, false],
      ["dependsOn", [], [{ containerName: "a" }]],
      ["logConfiguration", { logDriver: "awslogs" }, { logDriver: "json-file" }],
      ["firelensConfiguration", { type: "fluentbit" }, { type: "fluentd" }],
      ["mountPoints", [{ containerPath: "/a", readOnly: true }], [{ containerPath: "/b", readOnly: true }]],
      ["volumesFrom", [], [{ sourceContainer: "a" }]],
      ["ulimits", [{ name: "nofile", softLimit: 9 }], []],
      ["systemControls", [], [{ namespace: "a" }]],
      ["linuxParameters", {}, { initProcessEnabled: true }],
      ["repositoryCredentials", {}, { credentialsParameter: "a" }],
      ["versionConsistency", "enabled", "disabled"],
      ["extraHosts", [], [{ hostname: "a" }]],
      ["dnsServers", [], ["192.0.2.1"]],
      ["links", [], ["a"]],
      ["restartPolicy", {}, { enabled: true }],
    ] as const
  ).map(([member, before, after]): Case => ({
    rule: OTHERWISE,
    when: `${member} of a container changes`,
    trips: [replace(TASK, containers(api({ [member]: before })), containers(api({ [member]: after })))],
    says: /^container api /,
    level: "caution",
    silent: [
      replace(
        TASK,
        containers(api({ [member]: after })),
        containers(api({ [member]: after, image: "y", environment: [] })),
      ),
      replace(TASK, containers(api({ essential: true, links: [], linuxParameters: {} })), containers(api({})), {
        name: "b",
      }),
      replace(TASK, containers(api({ essential: null, links: null })), containers(api({ essential: true })), {
        name: "c",
      }),
    ],
  })),
];
