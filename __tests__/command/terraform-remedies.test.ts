import { remedyFor } from "../../scripts/command/terraform-remedies";

const NETWORK = { id: "staging-network", name: "network", needsDocker: false };
const REGISTRY = { id: "staging-registry", name: "registry", needsDocker: true };

/** As Terraform 1.11 and its AWS provider say it. */
describe("what to do about a failure of Terraform", () => {
  it.each([
    [NETWORK, 'S3 bucket "x" does not exist.', "npm run bootstrap"],
    [NETWORK, "api error NoSuchBucket: The specified bucket does not exist", "npm run bootstrap"],
    [NETWORK, "Error: No valid credential sources found", "log in to AWS"],
    [NETWORK, "failed to refresh cached credentials, no EC2 IMDS role found", "log in to AWS"],
    [NETWORK, "the SSO session has expired or is invalid", "log in to AWS"],
    [NETWORK, "api error ExpiredToken: The provided token has expired.", "log in to AWS"],
    [
      NETWORK,
      "api error InvalidClientTokenId: The security token included in the request is invalid.",
      "log in to AWS",
    ],
    [NETWORK, "failed to get shared config profile, nobody", "set AWS_PROFILE"],
    [
      NETWORK,
      "UnauthorizedOperation: You are not authorized to perform this operation. User: arn:aws:sts::123456789012:assumed-role/x " +
        "is not authorized to perform: ec2:CreateVpc on resource: *",
      "allow this identity ec2:CreateVpc",
    ],
    [NETWORK, "api error AccessDenied: Access Denied", "allow this identity what the message names"],
    [NETWORK, "StatusCode: 403, RequestID: 1", "allow this identity what the message names"],
    [
      NETWORK,
      "Error: Error acquiring the state lock\n\nLock Info:\n  ID: 6a2f",
      "terraform -chdir=cdktf.out/stacks/staging-network force-unlock",
    ],
    [NETWORK, "Error: Unsupported Terraform Core version", "install Terraform 1.11 or newer"],
    [NETWORK, "Resource has lifecycle.prevent_destroy set", "protected on purpose"],
    [
      NETWORK,
      "creating IAM Role (x): EntityAlreadyExists: Role with name x already exists.",
      "terraform -chdir=cdktf.out/stacks/staging-network import",
    ],
    [NETWORK, "VpcLimitExceeded: The maximum number of VPCs has been reached.", "raise the quota"],
    [NETWORK, "Error: Failed to query available provider packages", "TF_CLI_CONFIG_FILE"],
    [NETWORK, "dial tcp: lookup sts.eu-central-1.amazonaws.com: no such host", "AWS can't be reached"],
    [REGISTRY, "Cannot connect to the Docker daemon at unix:///var/run/docker.sock", "--skip registry"],
    [REGISTRY, "permission denied while trying to connect to the Docker daemon socket", "start Docker"],
    [REGISTRY, "docker_image.first: Error acquiring the state lock", "force-unlock"],
    [
      REGISTRY,
      "kreuzwerker/docker: x is not authorized to perform: ecr:GetAuthorizationToken on resource: *",
      "allow this identity ecr:GetAuthorizationToken",
    ],
    [REGISTRY, "docker_image.first: failed to solve: npm ci did not complete", "correct what Terraform reports"],
    [
      NETWORK,
      "Error: Failed to save state: errored.tfstate holds it. api error AccessDenied",
      "terraform -chdir=cdktf.out/stacks/staging-network state push errored.tfstate",
    ],
    [NETWORK, "Cannot connect to the Docker daemon", "correct what Terraform reports, then run npm run plan again"],
    [NETWORK, "anything else", "correct what Terraform reports, then run npm run plan again"],
  ])("of %j: %s", (stack, message, words) => expect(remedyFor(stack, message, "npm run plan")).toContain(words));
});
