import { readFileSync } from "node:fs";
import { AWS_OPERATIONS, awsName, type Operation } from "../../scripts/release/aws-port";

interface Policy {
  readonly Statement: readonly { readonly Effect: string; readonly Action: readonly string[] }[];
}

/** IAM's prefix of each client of the port. */
const PREFIXES: Readonly<Record<keyof typeof AWS_OPERATIONS, string>> = {
  sts: "sts",
  ecs: "ecs",
  ecr: "ecr",
  cloudwatch: "cloudwatch",
  elb: "elasticloadbalancing",
  codedeploy: "codedeploy",
};

/** Actions beside the command's own calls: for `docker push`, and those that AWS checks for RegisterTaskDefinition and CreateDeployment. */
const BESIDE = [
  "ecr:BatchCheckLayerAvailability",
  "ecr:InitiateLayerUpload",
  "ecr:UploadLayerPart",
  "ecr:CompleteLayerUpload",
  "ecr:PutImage",
  "iam:PassRole",
  "ecs:TagResource",
  "codedeploy:RegisterApplicationRevision",
  "codedeploy:GetApplicationRevision",
  "codedeploy:UpdateDeploymentGroup",
];

/** The policy in docs/release.md. */
function documentedPolicy(): Policy {
  const blocks = readFileSync("docs/release.md", "utf8").matchAll(/```json\n(.*?)```/gs);
  const found = [...blocks].map(([, text = ""]) => text).find((text) => text.includes('"Statement"'));
  if (found === undefined) throw new Error("docs/release.md has no policy");
  return JSON.parse(found) as Policy;
}

describe("the policy for a release of an existing service, in docs/release.md", () => {
  it("allows what the command calls, and nothing else", () => {
    const calls = Object.entries(AWS_OPERATIONS).flatMap(([client, operations]) =>
      Object.keys(operations).map(
        (name) => `${PREFIXES[client as keyof typeof AWS_OPERATIONS]}:${awsName(name as Operation)}`,
      ),
    );
    // GetCallerIdentity needs no permission: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
    const needed = [...calls.filter((call) => call !== "sts:GetCallerIdentity"), ...BESIDE];
    const { Statement } = documentedPolicy();
    expect(Statement.map(({ Effect }) => Effect)).toEqual(Statement.map(() => "Allow"));
    expect(Statement.flatMap(({ Action }) => Action).sort()).toEqual(needed.sort());
  });
});
