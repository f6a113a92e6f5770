import { at, list, type Estate } from "../estate";
import type { Change, Check, Rule } from "../rule";

/** Names of the stacks for which `holds` is not true. */
const everyStack =
  (holds: (stack: Estate["stacks"][string]) => boolean): Check =>
  (estate) =>
    Object.entries(estate.stacks)
      .filter(([, stack]) => !holds(stack))
      .map(([name]) => name);

/** Changes the service's stack. */
const stack =
  (change: (stack: Estate["stacks"][string]) => void): Change =>
  ({ stacks: { service } }) => {
    if (service) change(service);
  };

const OWN_TAGS = ["project", "environment", "stack"];

/** Rules for Terraform's state and providers. */
export const STATE_RULES: readonly Rule[] = [
  {
    id: "state-remote",
    title: "The state is in S3, separate for each stack",
    scanners: [],
    check: (estate) => {
      const keys = Object.values(estate.stacks).map(({ terraform }) => at(terraform, "backend.s3.key"));
      const isRemote = everyStack(({ terraform }) => at(terraform, "backend.s3.bucket") !== undefined);
      return new Set(keys).size === keys.length ? isRemote(estate) : Object.keys(estate.stacks);
    },
    breach: stack((one) => (one.terraform.backend = { local: { path: "terraform.tfstate" } })),
  },
  {
    id: "state-encrypted",
    title: "The state is encrypted",
    scanners: [],
    check: everyStack(({ terraform }) => at(terraform, "backend.s3.encrypt") === true),
    breach: stack(({ terraform }) => Reflect.deleteProperty(terraform.backend["s3"] ?? {}, "encrypt")),
  },
  {
    id: "state-locked",
    title: "The state is locked while it is written",
    scanners: [],
    check: everyStack(({ terraform }) => at(terraform, "backend.s3.use_lockfile") === true),
    breach: stack(({ terraform }) => Reflect.deleteProperty(terraform.backend["s3"] ?? {}, "use_lockfile")),
  },
  {
    id: "providers-pinned",
    title: "Providers have a fixed version",
    scanners: [],
    check: everyStack(({ terraform }) =>
      Object.values(terraform.required_providers).every(({ version }) => /^\d+\.\d+\.\d+$/.test(String(version))),
    ),
    breach: stack(({ terraform }) => (terraform.required_providers["aws"] = { source: "aws", version: "~> 6.0" })),
  },
  {
    id: "provider-without-keys",
    title: "A provider's configuration contains no keys",
    scanners: ["CKV_AWS_41"],
    check: everyStack(({ provider }) =>
      list(provider?.["aws"]).every(
        (one) => at(one, "access_key") === undefined && at(one, "secret_key") === undefined,
      ),
    ),
    breach: stack((one) =>
      Object.assign(list(one.provider?.["aws"])[0] as object, { access_key: "AKIAIOSFODNN7EXAMPLE" }),
    ),
  },
  {
    id: "everything-tagged",
    title: "All resources that can have tags name project and environment",
    scanners: [],
    check: everyStack(({ provider }) =>
      OWN_TAGS.every((tag) =>
        list(provider?.["aws"]).every((one) => at(one, `default_tags.tags.${tag}`) !== undefined),
      ),
    ),
    breach: stack((one) => Object.assign(list(one.provider?.["aws"])[0] as object, { default_tags: [] })),
  },
];
