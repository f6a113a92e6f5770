import { TERRAFORM_MINIMUM } from "../../stacks/config/terraform-version";
import type { SynthesizedStack } from "../command/synthesized-stacks";
import { describeLock } from "./lock";
import type { DeployProblem } from "./problem";

/** State of this machine and of the account before anything is applied. */
export interface DeployFacts {
  readonly node: {
    readonly version: string;
    /** Whether cdktf-cli includes its native module for this Node version and platform. */
    readonly supported: boolean;
  };
  readonly terraform: ProgramFact;
  /** Absent when no chosen stack needs Docker. */
  readonly docker?: ProgramFact;
  readonly account: { readonly id: string } | { readonly failed: string };
  /** Absent when the state is kept in local files, or the account is unknown. */
  readonly bucket?: BucketFact;
  /** Terraform locks of the chosen stacks. */
  readonly locks: readonly { readonly stack: SynthesizedStack; readonly text: string }[];
}

/** The version of a program, or why it is unknown. */
export type ProgramFact = { readonly version: string } | { readonly missing: string } | { readonly failed: string };

/** The state bucket. */
export interface BucketFact {
  readonly name: string;
  readonly region: string;
  readonly found:
    | { readonly kind: "absent" | "foreign" }
    | { readonly kind: "ours"; readonly region?: string }
    | { readonly kind: "unknown"; readonly why: string };
}

/** The environment to deploy, as configured. */
export interface DeployTarget {
  readonly environment: string;
  /** The account that the credentials must belong to; absent: not configured. */
  readonly account?: string;
}

/** Every problem that blocks a deploy; empty when there is none. Pure. */
export function deployProblems(facts: DeployFacts, target: DeployTarget): readonly DeployProblem[] {
  return [
    ...nodeProblems(facts.node),
    ...terraformProblems(facts.terraform),
    ...(facts.docker ? dockerProblems(facts.docker) : []),
    ...accountProblems(facts.account, target),
    ...(facts.bucket ? bucketProblems(facts.bucket, target) : []),
    ...facts.locks.map(({ stack, text }) => lockProblem(stack, text)),
  ];
}

function nodeProblems({ version, supported }: DeployFacts["node"]): readonly DeployProblem[] {
  if (supported) return [];
  return [
    { what: `cdktf-cli can't deploy on Node ${version}: it has no native module for it`, next: "use Node 22 (or 20)" },
  ];
}

function terraformProblems(terraform: ProgramFact): readonly DeployProblem[] {
  const install = `install Terraform ${TERRAFORM_MINIMUM} or newer, or set TERRAFORM_BINARY_NAME to one`;
  if ("missing" in terraform) return [{ what: `there is no ${terraform.missing} on PATH`, next: install }];
  if ("failed" in terraform) return [{ what: `Terraform doesn't run: ${terraform.failed}`, next: install }];
  if (isAtLeast(terraform.version, TERRAFORM_MINIMUM)) return [];
  const why = "the lock of the state in S3 needs a newer one";
  return [{ what: `Terraform ${terraform.version} is too old: ${why}`, next: install }];
}

function dockerProblems(docker: ProgramFact): readonly DeployProblem[] {
  const next = "start Docker, or leave the first image out with --skip registry when the registry is deployed already";
  if ("missing" in docker)
    return [{ what: "there is no docker on PATH, and the registry stack builds an image", next }];
  if ("failed" in docker) return [{ what: `no Docker daemon answers: ${docker.failed}`, next }];
  return [];
}

function accountProblems(account: DeployFacts["account"], target: DeployTarget): readonly DeployProblem[] {
  if ("failed" in account) {
    return [
      {
        what: `the AWS account is unknown: ${account.failed}`,
        next: "log in (aws sso login, aws configure), or set AWS_PROFILE",
      },
    ];
  }
  if (target.account === undefined || target.account === account.id) return [];
  return [
    {
      what: `these are credentials of the account ${account.id}; the environment ${target.environment} is in ${target.account}`,
      next: "use credentials of that account, or correct account in cdktf.json",
    },
  ];
}

function bucketProblems({ name, region, found }: BucketFact, target: DeployTarget): readonly DeployProblem[] {
  const rename = "set state.bucket in cdktf.json to another name";
  switch (found.kind) {
    case "absent":
      return [
        {
          what: `there is no state bucket ${name}`,
          next: `make it: npm run bootstrap -- --environment ${target.environment}`,
        },
      ];
    case "foreign":
      return [
        {
          what: `the state bucket ${name} belongs to another account, or this identity may not access it`,
          next: `use an identity of the account that owns it, or ${rename}`,
        },
      ];
    case "unknown":
      return [
        {
          what: `the state bucket ${name} can't be read: ${found.why}`,
          next: "let this identity read it (s3:ListBucket, s3:GetObject), or try again when AWS can be reached",
        },
      ];
    case "ours":
      if (found.region === undefined || found.region === region) return [];
      return [
        {
          what: `the state bucket ${name} is in ${found.region}, not in ${region}`,
          next: `set state.region in cdktf.json to ${found.region}, or ${rename}`,
        },
      ];
  }
}

function lockProblem({ id, name }: SynthesizedStack, text: string): DeployProblem {
  const lock = describeLock(text);
  const release = `terraform -chdir=cdktf.out/stacks/${id} init && terraform -chdir=cdktf.out/stacks/${id} force-unlock`;
  return {
    what: `the state of ${name} is locked by ${lock.holder}`,
    next: `wait until that run is over; if it has ended: ${release} ${lock.id ?? "<ID>"}`,
  };
}

/** Whether a version such as 1.11.4 or 1.12.0-rc1 is a minimum such as 1.11, or newer. */
function isAtLeast(version: string, minimum: string): boolean {
  const numbers = (text: string) => (/^\d+(\.\d+)*/.exec(text)?.[0] ?? "0").split(".").map(Number);
  const [have, want] = [numbers(version), numbers(minimum)];
  const differs = want.findIndex((number, index) => (have[index] ?? 0) !== number);
  return differs === -1 || (have[differs] ?? 0) > (want[differs] ?? 0);
}
