import { namesOf, type Names } from "../names";
import type { Check } from "./check";
import { DEFAULTS } from "./defaults";
import { notAllowed } from "./problems";

/** Has the length of the account id at the end of the access log bucket's name. */
const ACCOUNT_ID_SUFFIX = "-123456789012";

/** The longest name that AWS allows for one kind of resource, and our names of that kind. */
interface NameLimit {
  readonly what: string;
  readonly max: number;
  readonly of: (names: Names) => readonly string[];
}

const NAME_LIMITS: readonly NameLimit[] = [
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
  { what: "a target group", max: 32, of: ({ targetGroups }) => Object.values(targetGroups) },
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
  { what: "the load balancer", max: 32, of: ({ loadBalancer }) => [loadBalancer] },
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
  {
    what: "a bucket",
    max: 63,
    of: ({ stateBucket, accessLogBucketPrefix }) => [stateBucket, `${accessLogBucketPrefix}${ACCOUNT_ID_SUFFIX}`],
  },
  // https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
  {
    what: "a function, and its role",
    max: 64,
    of: ({ testTrafficHook, slackFunction }) => [testTrafficHook ?? [], slackFunction].flat(),
  },
  // https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
  { what: "a role", max: 64, of: ({ ciRoles }) => Object.values(ciRoles) },
  // https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateApplication.html
  {
    what: "a CodeDeploy resource",
    max: 100,
    of: ({ application, deploymentGroup, deploymentConfig }) => [application, deploymentGroup, deploymentConfig],
  },
  // https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html
  { what: "the web ACL", max: 128, of: ({ webAcl }) => [webAcl] },
  // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
  { what: "the table", max: 255, of: ({ table }) => [table] },
  // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
  { what: "an ECS resource", max: 255, of: ({ cluster, service, family }) => [cluster, service, family] },
  // https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
  { what: "the topic", max: 256, of: ({ topic }) => [topic] },
];

/** Checks the length of every derived name. The strictest limit decides how long the project's name may be. */
export const nameChecks: readonly Check[] = [
  (config, isValid) => {
    if (!isValid("project")) return [];
    const names = namesOf({ ...DEFAULTS, project: config.project, environment: config.environment });
    const [worst] = NAME_LIMITS.flatMap(({ what, max, of }) => of(names).map((name) => ({ what, max, name }))).sort(
      (a, b) => b.name.length - b.max - (a.name.length - a.max),
    );
    if (!worst || worst.name.length <= worst.max) return [];
    const { what, max, name } = worst;
    if (config.environment.startsWith(`${config.project}-`)) {
      const text = `${name} would be the name of ${what}, and AWS allows ${max}; shorten the environment's name`;
      return [{ path: ["project"], text }];
    }
    const most = config.project.length - (name.length - max);
    const allowed = `at most ${most} characters: ${name} would be the name of ${what}, and AWS allows ${max}`;
    return [notAllowed(config, "project", allowed)];
  },
];
