import { TERRAFORM_MINIMUM } from "../../stacks/config/terraform-version";
import type { SynthesizedStack } from "./synthesized-stacks";

/** The stack that Terraform failed on, as far as a remedy depends on it. */
export type FailedStack = Pick<SynthesizedStack, "id" | "name" | "needsDocker">;

/** What Docker's client and its provider say when no daemon answers, or doesn't let somebody in. */
const DAEMON =
  /Cannot connect to the Docker daemon|connect to the docker daemon|docker daemon .*running|pinging docker|docker\.sock|docker_engine/i;

/** What Terraform, its AWS provider and AWS say, and what to do about it; the first that fits counts. */
const REMEDIES: readonly (readonly [RegExp, (stack: FailedStack, found: RegExpExecArray) => string])[] = [
  [
    /errored\.tfstate|Failed to (?:save|persist) state/i,
    ({ id }) =>
      "resources were made that the state in the bucket doesn't know: run nothing else before " +
      `terraform -chdir=cdktf.out/stacks/${id} state push errored.tfstate`,
  ],
  [
    /Error acquiring the state lock/i,
    ({ id }) =>
      "another run of Terraform holds the lock of this state, or one that was broken off has left it: wait for the run that " +
      `the lock names, or, when nobody runs it any more, give it back: terraform -chdir=cdktf.out/stacks/${id} ` +
      "force-unlock <the lock's ID>",
  ],
  [
    /Unsupported Terraform Core version/i,
    () => `install Terraform ${TERRAFORM_MINIMUM} or newer, or set TERRAFORM_BINARY_NAME to one`,
  ],
  [
    /bucket .*does not exist|NoSuchBucket/i,
    () => "make the state bucket with npm run bootstrap, or check state.bucket in cdktf.json",
  ],
  [
    /No valid credential sources|no EC2 IMDS role found|failed to refresh cached credentials|SSO (session|token)|InvalidGrantException|ExpiredToken|RequestExpired|InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|InvalidAccessKeyId|failed to get shared config profile/i,
    () => "log in to AWS again (aws sso login, aws configure), or set AWS_PROFILE, then try again",
  ],
  [
    /(?:is )?not authorized to perform:?\s+([\w-]+:\w+)/i,
    (_stack, [, action = ""]) =>
      `let this identity do ${action} (the message names it and the resource), or use another one`,
  ],
  [
    /AccessDenied|UnauthorizedOperation|explicit deny|StatusCode: 403|Forbidden/i,
    () => "let this identity do what the message names, or use another one; check AWS_PROFILE and the account",
  ],
  [/prevent_destroy/, () => "this resource is protected on purpose; undo the change that destroys it"],
  [
    /AlreadyExists|already exists|BucketAlreadyOwnedByYou|InvalidGroup\.Duplicate|DuplicateLoadBalancerName/i,
    ({ id }) =>
      "something of this name is there already: perhaps an apply that was broken off has made it. Take it into the state " +
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
 * What to do about a failure of Terraform, as far as its words tell. Pure.
 * @param message what Terraform said
 * @param command what is to be done again, as one says it, e.g. `npm run plan`
 */
export function remedyFor(stack: FailedStack, message: string, command: string): string {
  // Everything that this stack says is about Docker's provider: only what is said of the daemon counts.
  if (stack.needsDocker && DAEMON.test(message)) {
    return `this stack needs a Docker daemon and its provider: start Docker, or leave it out with --skip ${stack.name}`;
  }
  for (const [pattern, remedy] of REMEDIES) {
    const found = pattern.exec(message);
    if (found) return remedy(stack, found);
  }
  return `correct what Terraform says, then run ${command} again`;
}
