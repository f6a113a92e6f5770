import { AWS_OPERATIONS, awsName, type Operation } from "../../scripts/release/aws-port";
import { CI_ROLES, STACKS, type CiRole } from "../../stacks/names";
import { EVERYTHING_ON } from "../terraform/configurations";
import { like, synthesize, type Block } from "./synthesize";

interface Statement {
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

const REPOSITORY = { provider: "github", repository: "octo-org/carts-api" };
const access = (github: Block = {}, settings: Block = {}) =>
  synthesize({ ...settings, ci: { ...REPOSITORY, ...github } }).stacks.access;
const nameOf = (role: CiRole) => `carts-api-staging-github-${role}`;
const roleOf = (role: CiRole, template = access()) => template.find("aws_iam_role", { name: nameOf(role) });
const CLAIM = "token.actions.githubusercontent.com";
/** The conditions under which a role is taken on. */
const trustOf = (role: CiRole, github: Block = {}) => {
  const policy = JSON.parse(String(roleOf(role, access(github))["assume_role_policy"])) as {
    Statement: { Condition: Record<string, Record<string, unknown>> }[];
  };
  expect(policy.Statement).toHaveLength(1);
  return policy.Statement[0]?.Condition ?? {};
};
const subjectsOf = (role: CiRole, github: Block = {}) => trustOf(role, github)["StringEquals"]?.[`${CLAIM}:sub`];
const refsOf = (role: CiRole, github: Block = {}) => trustOf(role, github)["StringLike"]?.[`${CLAIM}:ref`];
const policiesOf = (role: CiRole, template = access()) =>
  template
    .all("aws_iam_policy")
    .filter(({ name }) => String(name).startsWith(nameOf(role)))
    .map(({ policy }) => String(policy));
const statementsOf = (role: CiRole, template = access()) =>
  policiesOf(role, template).flatMap((policy) => (JSON.parse(policy) as { Statement: Statement[] }).Statement);
/** Actions that a role is allowed, in alphabetical order. */
const allowed = (role: CiRole, template = access()) =>
  statementsOf(role, template)
    .filter(({ Effect }) => Effect === "Allow")
    .flatMap(({ Action }) => Action)
    .sort();
/** The IAM action that creates a resource of each type; empty for those that need none of their own. */
const CREATES: Readonly<Record<string, string>> = {
  aws_acm_certificate: "acm:RequestCertificate",
  aws_acm_certificate_validation: "acm:DescribeCertificate",
  aws_appautoscaling_policy: "application-autoscaling:PutScalingPolicy",
  aws_appautoscaling_target: "application-autoscaling:RegisterScalableTarget",
  aws_cloudwatch_dashboard: "cloudwatch:PutDashboard",
  aws_cloudwatch_event_rule: "events:PutRule",
  aws_cloudwatch_event_target: "events:PutTargets",
  aws_cloudwatch_log_group: "logs:CreateLogGroup",
  aws_cloudwatch_metric_alarm: "cloudwatch:PutMetricAlarm",
  aws_codedeploy_app: "codedeploy:CreateApplication",
  aws_codedeploy_deployment_config: "codedeploy:CreateDeploymentConfig",
  aws_codedeploy_deployment_group: "codedeploy:CreateDeploymentGroup",
  aws_default_security_group: "ec2:RevokeSecurityGroupIngress",
  aws_dynamodb_table: "dynamodb:CreateTable",
  aws_ecr_lifecycle_policy: "ecr:PutLifecyclePolicy",
  aws_ecr_repository: "ecr:CreateRepository",
  aws_ecs_cluster: "ecs:CreateCluster",
  aws_ecs_cluster_capacity_providers: "ecs:PutClusterCapacityProviders",
  aws_ecs_service: "ecs:CreateService",
  aws_ecs_task_definition: "ecs:RegisterTaskDefinition",
  aws_eip: "ec2:AllocateAddress",
  aws_flow_log: "ec2:CreateFlowLogs",
  aws_iam_role: "iam:CreateRole",
  aws_iam_role_policy: "iam:PutRolePolicy",
  aws_iam_role_policy_attachment: "iam:AttachRolePolicy",
  aws_internet_gateway: "ec2:CreateInternetGateway",
  aws_kms_alias: "kms:CreateAlias",
  aws_kms_key: "kms:CreateKey",
  aws_lambda_function: "lambda:CreateFunction",
  aws_lambda_permission: "lambda:AddPermission",
  aws_lb: "elasticloadbalancing:CreateLoadBalancer",
  aws_lb_listener: "elasticloadbalancing:CreateListener",
  aws_lb_target_group: "elasticloadbalancing:CreateTargetGroup",
  aws_nat_gateway: "ec2:CreateNatGateway",
  aws_route: "ec2:CreateRoute",
  aws_route53_record: "route53:ChangeResourceRecordSets",
  aws_route_table: "ec2:CreateRouteTable",
  aws_route_table_association: "ec2:AssociateRouteTable",
  aws_s3_bucket: "s3:CreateBucket",
  aws_s3_bucket_lifecycle_configuration: "s3:PutLifecycleConfiguration",
  aws_s3_bucket_ownership_controls: "s3:PutBucketOwnershipControls",
  aws_s3_bucket_policy: "s3:PutBucketPolicy",
  aws_s3_bucket_public_access_block: "s3:PutBucketPublicAccessBlock",
  aws_s3_bucket_server_side_encryption_configuration: "s3:PutEncryptionConfiguration",
  aws_s3_bucket_versioning: "s3:PutBucketVersioning",
  aws_security_group: "ec2:CreateSecurityGroup",
  aws_sns_topic: "sns:CreateTopic",
  aws_sns_topic_policy: "sns:SetTopicAttributes",
  aws_sns_topic_subscription: "sns:Subscribe",
  aws_subnet: "ec2:CreateSubnet",
  aws_vpc: "ec2:CreateVpc",
  aws_vpc_endpoint: "ec2:CreateVpcEndpoint",
  aws_vpc_security_group_egress_rule: "ec2:AuthorizeSecurityGroupEgress",
  aws_vpc_security_group_ingress_rule: "ec2:AuthorizeSecurityGroupIngress",
  aws_wafv2_web_acl: "wafv2:CreateWebACL",
  aws_wafv2_web_acl_association: "wafv2:AssociateWebACL",
  aws_wafv2_web_acl_logging_configuration: "wafv2:PutLoggingConfiguration",
  docker_image: "",
  docker_registry_image: "ecr:PutImage",
};
const EVERYTHING = {
  loadBalancer: { https: { domainName: "tasks.example.com", zoneId: "Z0123456789" }, waf: { enabled: true } },
};

describe("access from GitHub's workflows", () => {
  it("is not there without a repository", () => {
    const { manifest } = synthesize();
    expect(Object.keys(manifest.stacks)).not.toContain("staging-access");
  });

  it("is the first stack, which reads no other and which no other reads", () => {
    const { manifest, stacks } = synthesize({ ci: REPOSITORY });
    expect(manifest.stacks["staging-access"]?.dependencies).toEqual([]);
    expect(manifest.stacks["staging-network"]?.dependencies).toEqual(["staging-access"]);
    for (const { json } of Object.values(stacks)) expect(JSON.stringify(json)).not.toContain("input-staging-access");
  });

  it.each(CI_ROLES)("assumes the role %s only with tokens for AWS's own action", (role) => {
    const policy = String(roleOf(role)["assume_role_policy"]);
    expect(JSON.parse(policy)).toMatchObject({
      Statement: [
        {
          Effect: "Allow",
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: { StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" } },
        },
      ],
    });
  });

  it("lets any pull request plan, and the protected branch", () => {
    expect(subjectsOf("plan")).toEqual([
      "repo:octo-org/carts-api:pull_request",
      "repo:octo-org/carts-api:ref:refs/heads/main",
    ]);
  });

  it.each(["deploy", "release"] as const)("lets only jobs of the environment %s, or of the branch instead", (role) => {
    expect(subjectsOf(role)).toEqual(["repo:octo-org/carts-api:environment:staging"]);
    expect(subjectsOf(role, { environment: "live" })).toEqual(["repo:octo-org/carts-api:environment:live"]);
    expect(subjectsOf(role, { branch: "main" })).toEqual(["repo:octo-org/carts-api:ref:refs/heads/main"]);
    expect(subjectsOf(role, { environment: "live", branch: "trunk" })).toEqual([
      "repo:octo-org/carts-api:environment:live",
    ]);
  });

  it("lets the environment's jobs deploy only from one branch, and release from it and from version tags", () => {
    expect(refsOf("plan")).toBeUndefined();
    expect(refsOf("deploy")).toEqual(["refs/heads/main"]);
    expect(refsOf("release")).toEqual(["refs/heads/main", "refs/tags/v*"]);
    expect(refsOf("deploy", { environment: "live", branch: "trunk" })).toEqual(["refs/heads/trunk"]);
  });

  it.each(CI_ROLES)("lets the repository assume the role %s by the ids in its tokens", (role) => {
    const subjects = subjectsOf(role, { ownerId: 123456, repositoryId: 456789 });
    expect(subjects).toEqual(
      role === "plan"
        ? [
            "repo:octo-org@123456/carts-api@456789:pull_request",
            "repo:octo-org@123456/carts-api@456789:ref:refs/heads/main",
          ]
        : ["repo:octo-org@123456/carts-api@456789:environment:staging"],
    );
  });

  it("lets deploy give the task role the managed policies of the configuration, and no others", () => {
    const managed = "arn:aws:iam::123456789012:policy/orders";
    const attaching = (taskPolicies: readonly string[]) => {
      const { access: template } = synthesize({ ci: REPOSITORY, service: { taskPolicies } }).stacks;
      return statementsOf("deploy", template).filter(
        ({ Effect, Action }) => Effect === "Allow" && /iam:(At|De)tachRolePolicy/.test(String(Action)),
      );
    };
    const [attach, detach, ...others] = attaching([managed]);
    expect(attach).toMatchObject({
      Action: ["iam:AttachRolePolicy"],
      Resource: [like(/:role\/carts-api-staging-task$/)],
      Condition: { ArnEquals: { "iam:PolicyARN": [managed] } },
    });
    expect(detach).toMatchObject({
      Action: ["iam:DetachRolePolicy"],
      Resource: [like(/:role\/carts-api-staging-task$/)],
    });
    expect(others).toEqual([]);
    expect(attaching([])).toEqual([]);
  });

  it("creates the provider, or uses the account's", () => {
    expect(access().only("aws_iam_openid_connect_provider")).toMatchObject({
      url: "https://token.actions.githubusercontent.com",
      client_id_list: ["sts.amazonaws.com"],
    });
    const oidcProviderArn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";
    const template = access({ oidcProviderArn });
    expect(template.all("aws_iam_openid_connect_provider")).toEqual([]);
    expect(String(roleOf("plan", template)["assume_role_policy"])).toContain(oidcProviderArn);
  });

  it("puts the boundary on the three roles and on every role that deploy makes", () => {
    const permissionsBoundaryArn = "arn:aws:iam::123456789012:policy/boundary";
    const { stacks } = synthesize({ ci: { ...REPOSITORY, permissionsBoundaryArn } });
    for (const template of Object.values(stacks)) {
      for (const role of template.all("aws_iam_role")) {
        expect(role["permissions_boundary"]).toBe(permissionsBoundaryArn);
      }
    }
    const makesRoles = statementsOf("deploy", stacks.access).find(
      ({ Effect, Action }) => Effect === "Allow" && Action.includes("iam:CreateRole"),
    );
    expect(makesRoles?.Condition).toEqual({ StringEquals: { "iam:PermissionsBoundary": permissionsBoundaryArn } });
  });
});

/** The condition under which GitLab's or another CI's jobs assume a role. */
const conditionOf = (role: CiRole, ci: Block) => {
  const template = synthesize({ ci }).stacks.access;
  const found = template.find("aws_iam_role", { name: `carts-api-staging-${String(ci["provider"])}-${role}` });
  const { Statement } = JSON.parse(String(found["assume_role_policy"])) as { Statement: { Condition: unknown }[] };
  expect(Statement).toHaveLength(1);
  return Statement[0]?.Condition;
};

describe("access from GitLab's jobs", () => {
  const GITLAB = { provider: "gitlab", project: "octo-group/carts-api" };
  const subject = (ref: string) => `project_path:octo-group/carts-api:ref_type:${ref}`;

  it("lets jobs of any branch plan, and so of any merge request of the project", () => {
    expect(conditionOf("plan", GITLAB)).toEqual({
      StringEquals: { "gitlab.com:aud": "sts.amazonaws.com" },
      StringLike: { "gitlab.com:sub": [subject("branch:ref:*")] },
    });
  });

  it("lets only jobs of the protected branch deploy", () => {
    expect(conditionOf("deploy", { ...GITLAB, branch: "trunk", projectId: 42, audience: "aws" })).toEqual({
      StringEquals: {
        "gitlab.com:aud": "aws",
        "gitlab.com:sub": [subject("branch:ref:trunk")],
        "gitlab.com:project_id": "42",
        "gitlab.com:ref_protected": "true",
      },
    });
  });

  it("lets only jobs of the protected branch and of protected version tags release", () => {
    expect(conditionOf("release", GITLAB)).toEqual({
      StringEquals: { "gitlab.com:aud": "sts.amazonaws.com", "gitlab.com:ref_protected": "true" },
      StringLike: { "gitlab.com:sub": [subject("branch:ref:main"), subject("tag:ref:v*")] },
    });
  });

  it("asks an instance of one's own only for the claims that IAM knows there", () => {
    const ci = { ...GITLAB, issuer: "https://git.example.com/gitlab" };
    expect(conditionOf("deploy", ci)).toEqual({
      StringEquals: {
        "git.example.com/gitlab:aud": "sts.amazonaws.com",
        "git.example.com/gitlab:sub": [subject("branch:ref:main")],
      },
    });
  });

  it("creates the provider of the instance, with thumbprints only where they are given", () => {
    const thumbprints = ["0123456789abcdef0123456789abcdef01234567"];
    const providerOf = (ci: Block) => synthesize({ ci }).stacks.access.only("aws_iam_openid_connect_provider");
    expect(providerOf(GITLAB)).toMatchObject({ url: "https://gitlab.com", client_id_list: ["sts.amazonaws.com"] });
    expect(providerOf(GITLAB)).not.toHaveProperty("thumbprint_list");
    expect(providerOf({ ...GITLAB, issuer: "https://git.lan", thumbprints, audience: "aws" })).toMatchObject({
      ...{ url: "https://git.lan", client_id_list: ["aws"], thumbprint_list: thumbprints },
    });
  });

  it("reads the provider of its own issuer", () => {
    const { access: template } = synthesize({ ci: { ...GITLAB, issuer: "https://git.lan" } }).stacks;
    for (const role of ["plan", "deploy"]) {
      const policies = template.all("aws_iam_policy").filter(({ name }) => String(name).includes(`-gitlab-${role}-`));
      expect(policies.map(({ policy }) => String(policy)).join()).toMatch(/:oidc-provider\/git\.lan"/);
    }
  });
});

describe("access from another CI's jobs", () => {
  const subjects = { plan: ["p:tasks:*"], deploy: ["p:tasks:main"], release: ["p:tasks:main", "p:tasks:v?.*"] };
  const OIDC = { provider: "oidc", issuer: "https://ci.example.com/org/1/", audience: "aws", subjects };

  it.each([
    ["plan", "StringLike"],
    ["deploy", "StringEquals"],
    ["release", "StringLike"],
  ] as const)("lets the subjects of %s in, and no others", (role, operator) => {
    const condition = conditionOf(role, OIDC) as Record<string, Record<string, unknown>>;
    expect(condition["StringEquals"]?.["ci.example.com/org/1/:aud"]).toBe("aws");
    expect(condition[operator]?.["ci.example.com/org/1/:sub"]).toEqual(subjects[role]);
    expect(Object.values(condition).flatMap(Object.keys)).toHaveLength(2);
  });
});

describe("the addresses of the access stack", () => {
  it("are the same for every CI, so that another one changes the roles' trust and names, and adds nothing", () => {
    const addresses = (ci: Block) =>
      Object.entries(synthesize({ ci }).stacks.access.json.resource ?? {}).flatMap(([type, blocks]) =>
        Object.keys(blocks).map((name) => `${type}.${name}`),
      );
    expect(addresses({ provider: "gitlab", project: "octo-group/carts-api" })).toEqual(addresses(REPOSITORY));
  });
});

describe("the permissions of the roles", () => {
  it.each(CI_ROLES)("of %s are named one by one", (role) => {
    const actions = allowed(role, access({}, EVERYTHING));
    expect(actions.filter((action) => action.includes("*"))).toEqual([]);
    expect(actions.length).toBeGreaterThan(10);
  });

  it.each(CI_ROLES)("of %s fit into AWS's policies, ten to a role", (role) => {
    // The longest names, in place of what is known only in the account.
    const policies = policiesOf(role, access({}, EVERYTHING)).map((policy) =>
      policy.replaceAll(/\$\{data\.aws_caller_identity[^}]*\}/g, "123456789012").replaceAll(/\$\{[^}]*\}/g, "aws-cn"),
    );
    expect(policies.length).toBeLessThanOrEqual(10);
    for (const policy of policies) expect(policy.length).toBeLessThanOrEqual(6144);
  });

  it("of plan change nothing", () => {
    expect(allowed("plan").filter((action) => !/^\w[\w-]*:(Describe|Get|List|BatchGet)/.test(action))).toEqual([]);
  });

  it("of plan read no stored data except state, and images to compare them", () => {
    const actions = allowed("plan");
    expect(actions.filter((action) => /GetItem|Query|Scan|GetLogEvents|GetSecret|GetParameter/.test(action))).toEqual(
      [],
    );
    const objects = statementsOf("plan").filter(({ Action }) => Action.includes("s3:GetObject"));
    expect(objects.map(({ Resource }) => Resource)).toEqual([
      [expect.stringMatching(/:::carts-api-terraform-state\/carts-api\/\*$/)],
    ]);
  });

  it("of release are for the calls of the release command, for pushing images and for passing roles", () => {
    const calls = Object.values(AWS_OPERATIONS).flatMap((operations) => Object.keys(operations) as Operation[]);
    const beside = [
      ...["BatchCheckLayerAvailability", "CompleteLayerUpload", "InitiateLayerUpload", "PutImage", "UploadLayerPart"],
      ...["GetApplicationRevision", "RegisterApplicationRevision", "PassRole", "TagResource", "UpdateDeploymentGroup"],
    ];
    const names = allowed("release").map((action) => action.slice(action.indexOf(":") + 1));
    // GetCallerIdentity needs no permission: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
    const asked = calls.filter((call) => call !== "getCallerIdentity").map(awsName);
    expect([...new Set(names)].sort()).toEqual([...new Set([...asked, ...beside])].sort());
  });

  it("of release make, change and destroy no infrastructure", () => {
    const changes = allowed("release").filter((action) => /:(Create|Update|Delete|Modify|Set|Put)/.test(action));
    // AWS asks for UpdateDeploymentGroup when a deployment watches other alarms than its group.
    expect(changes).toEqual(["codedeploy:CreateDeployment", "codedeploy:UpdateDeploymentGroup", "ecr:PutImage"]);
  });

  it("of deploy never widen those of the three roles", () => {
    const denied = statementsOf("deploy").find(({ Effect }) => Effect === "Deny");
    const isDenied = (role: string) =>
      denied?.Resource.map((arn) => arn.slice(arn.indexOf("role/")).replaceAll("*", ".*")).some((pattern) =>
        new RegExp(`^${pattern}$`).test(`role/${role}`),
      );
    // An environment staging-eu of this project or of another could be in the same account, with another CI.
    for (const role of CI_ROLES) {
      for (const provider of ["github", "gitlab", "oidc"]) {
        const names = [`carts-api-staging-${provider}-${role}`, `carts-api-staging-eu-${provider}-${role}`];
        expect(names.filter((name) => isDenied(name) !== true)).toEqual([]);
      }
    }
    expect(isDenied("carts-api-staging-task")).toBe(false);
    const writes = statementsOf("deploy")
      .filter(({ Effect }) => Effect === "Allow")
      .flatMap(({ Action }) => Action)
      .filter((action) => action.startsWith("iam:") && !/:(Get|List)/.test(action));
    // A service's own role is no role of ours.
    for (const action of writes.filter((write) => write !== "iam:CreateServiceLinkedRole")) {
      expect(denied?.Action).toContain(action);
    }
  });

  it("of deploy and release register revisions only of this task definition", () => {
    for (const role of ["deploy", "release"] as const) {
      const registering = statementsOf(role).filter(({ Action }) => Action.includes("ecs:RegisterTaskDefinition"));
      const definitions = registering
        .flatMap(({ Resource }) => Resource)
        .filter((arn) => !/:(cluster|service)\//.test(arn))
        .map((arn) => arn.slice(arn.indexOf("task-definition/")));
      expect(definitions).toEqual(["task-definition/carts-api-staging", "task-definition/carts-api-staging:*"]);
    }
  });

  it("of release stop a deployment for certain, as AWS's references contradict each other on how that can be narrowed", () => {
    const stopping = statementsOf("release").find(({ Action }) => Action.includes("codedeploy:StopDeployment"));
    expect(stopping).toMatchObject({
      Action: ["codedeploy:GetDeploymentTarget", "codedeploy:StopDeployment"],
      Resource: ["*"],
      Condition: { StringEquals: { "aws:RequestedRegion": "eu-central-1" } },
    });
    const listing = statementsOf("release").find(({ Action }) => Action.includes("codedeploy:ListDeployments"));
    expect(listing?.Resource).toEqual([
      expect.stringMatching(/:deploymentgroup:carts-api-staging\/carts-api-staging$/),
    ]);
  });

  it("of deploy allow a table with a customer-managed key, only through DynamoDB", () => {
    const granting = statementsOf("deploy").find(({ Action }) => Action.includes("kms:CreateGrant"));
    // "DynamoDB encryption at rest usage notes".
    for (const action of ["CreateGrant", "Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey", "ReEncryptFrom"]) {
      expect(granting?.Action).toContain(`kms:${action}`);
    }
    expect(granting?.Condition).toEqual({
      StringEquals: { "kms:ViaService": ["dynamodb.eu-central-1.amazonaws.com", "ecr.eu-central-1.amazonaws.com"] },
    });
  });

  it("tag the bucket of the access logs by S3's newer calls, too", () => {
    for (const [role, action] of [
      ["deploy", "s3:TagResource"],
      ["deploy", "s3:UntagResource"],
      ["deploy", "s3:ListTagsForResource"],
      ["plan", "s3:ListTagsForResource"],
    ] as const) {
      expect(allowed(role)).toContain(action);
    }
  });

  it("of deploy include the certificate and WAF only when they are on", () => {
    const services = (template = access()) =>
      new Set(allowed("deploy", template).map((action) => action.split(":")[0]));
    expect(allowed("deploy")).not.toContain("wafv2:CreateWebACL");
    expect(allowed("deploy")).not.toContain("acm:RequestCertificate");
    const everything = allowed("deploy", access({}, EVERYTHING));
    expect(everything).toContain("wafv2:CreateWebACL");
    expect(everything).toContain("route53:ChangeResourceRecordSets");
    expect(services()).toContain("codedeploy");
  });

  it("of deploy create every type of resource that the stacks have", () => {
    const { stacks } = synthesize(EVERYTHING_ON);
    const types = new Set(STACKS.flatMap((stack) => Object.keys(stacks[stack].json.resource ?? {})));
    expect([...types].sort()).toEqual(Object.keys(CREATES).sort());
    const actions = Object.values(CREATES).filter((action) => action !== "");
    expect(allowed("deploy", stacks.access)).toEqual(expect.arrayContaining(actions));
  });

  it("of deploy write the state of every stack but this one", () => {
    const written = statementsOf("deploy")
      .filter(({ Action }) => Action.includes("s3:PutObject"))
      .flatMap(({ Resource }) => Resource);
    expect(written.filter((arn) => arn.endsWith(".tfstate"))).toHaveLength(STACKS.length);
    expect(written.filter((arn) => arn.includes("access.tfstate"))).toEqual([]);
  });

  it("of deploy are bound to the region or to tags where they reach all resources, or only read", () => {
    const open = statementsOf("deploy")
      .filter(({ Effect, Resource, Condition }) => Effect === "Allow" && Resource.includes("*") && !Condition)
      .flatMap(({ Action }) => Action);
    expect(open.filter((action) => !/:(Describe|Get|List)/.test(action))).toEqual([]);
  });
});
