import { TERRAFORM_MINIMUM } from "../../stacks/config/terraform-version";
import type { SynthesizedStack } from "./synthesized-stacks";

/** The stack that Terraform failed on. */
export type FailedStack = Pick<SynthesizedStack, "id" | "name" | "needsDocker">;

/** Messages of Docker's client and provider when no daemon answers, or when the user may not use it. */
const DAEMON =
  /Cannot connect to the Docker daemon|connect to the docker daemon|docker daemon .*running|pinging docker|docker\.sock|docker_engine/i;

/** Messages of Terraform, its AWS provider and AWS, and what to do about each. The first match counts. */
const REMEDIES: readonly (readonly [RegExp, (stack: FailedStack, found: RegExpExecArray) => string])[] = [
  [
    /errored\.tfstate|Failed to (?:save|persist) state/i,
    ({ id }) =>
      "resources were created that are not in the state in the bucket: before anything else, run " +
      `terraform -chdir=cdktf.out/stacks/${id} state push errored.tfstate`,
  ],
  [
    /Error acquiring the state lock/i,
    ({ id }) =>
      "another run of Terraform holds the lock of this state, or a killed run left it: wait for the run that the lock " +
      `names, or, when it has ended, release the lock: terraform -chdir=cdktf.out/stacks/${id} ` +
      "force-unlock <the lock's ID>",
  ],
  [
    /Unsupported Terraform Core version/i,
    () => `install Terraform ${TERRAFORM_MINIMUM} or newer, or set TERRAFORM_BINARY_NAME to one`,
  ],
  [
    /bucket .*does not exist|NoSuchBucket/i,
    () => "create the state bucket with npm run bootstrap, or check state.bucket in cdktf.json",
  ],
  [
    /No valid credential sources|no EC2 IMDS role found|failed to refresh cached credentials|SSO (session|token)|InvalidGrantException|ExpiredToken|RequestExpired|InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|InvalidAccessKeyId|failed to get shared config profile/i,
    () => "log in to AWS again (aws sso login, aws configure), or set AWS_PROFILE, then try again",
  ],
  [
    /(?:is )?not authorized to perform:?\s+([\w-]+:\w+)/i,
    (_stack, [, action = ""]) =>
      `allow this identity ${action} (the message names it and the resource), or use another identity`,
  ],
  [
    /AccessDenied|UnauthorizedOperation|explicit deny|StatusCode: 403|Forbidden/i,
    () => "allow this identity what the message names, or use another identity; check AWS_PROFILE and the account",
  ],
  [/prevent_destroy/, () => "this resource is protected on purpose; undo the change that destroys it"],
  [
    /AlreadyExists|already exists|BucketAlreadyOwnedByYou|InvalidGroup\.Duplicate|DuplicateLoadBalancerName/i,
    ({ id }) =>
      "a resource of this name exists already; an apply that was killed may have created it. Import it into the state " +
      `(terraform -chdir=cdktf.out/stacks/${id} import <address> <id>), or delete it, then try again`,
  ],
  [
    /LimitExceeded|quota|Throttling/i,
    () => "the account has reached a limit: raise the quota that the message names, or wait a moment, then try again",
  ],
  [
    /Failed to query available provider packages|Failed to install provider|registry\.terraform\.io/i,
    () => "the provider can't be fetched: check the network, or name a provider mirror with TF_CLI_CONFIG_FILE",
  ],
  [
    /no such host|dial tcp|connection refused|i\/o timeout|TLS handshake/i,
    () => "AWS can't be reached: check the network, the region and AWS_ENDPOINT_URL, then try again",
  ],
];

/**
 * What to do about a failure of Terraform, found by its message. Pure.
 * @param message output of Terraform
 * @param command the command to run again, e.g. `npm run plan`
 */
export function remedyFor(stack: FailedStack, message: string, command: string): string {
  // Other messages of this stack name Docker's provider too, so the pattern matches the daemon only.
  if (stack.needsDocker && DAEMON.test(message)) {
    return `this stack needs a Docker daemon and its provider: start Docker, or leave it out with --skip ${stack.name}`;
  }
  for (const [pattern, remedy] of REMEDIES) {
    const found = pattern.exec(message);
    if (found) return remedy(stack, found);
  }
  return `correct what Terraform reports, then run ${command} again`;
}
