import { namesOf, type Names } from "../names";
import type { Check } from "./checks";
import { DEFAULTS } from "./defaults";
import { notAllowed } from "./problems";

/** Digits that end the name of the access logs' bucket: the account's id. */
const ACCOUNT_ID_SUFFIX = "-123456789012";

/** A kind of name: how long AWS lets it be (each service's API reference, "Length Constraints"), and those that we give. */
interface NameLimit {
  readonly what: string;
  readonly max: number;
  readonly of: (names: Names) => readonly string[];
}

const NAME_LIMITS: readonly NameLimit[] = [
  { what: "a target group", max: 32, of: ({ targetGroups }) => Object.values(targetGroups) },
  { what: "the load balancer", max: 32, of: ({ loadBalancer }) => [loadBalancer] },
  {
    what: "a bucket",
    max: 63,
    of: ({ stateBucket, accessLogBucketPrefix }) => [stateBucket, `${accessLogBucketPrefix}${ACCOUNT_ID_SUFFIX}`],
  },
  {
    what: "a function, and its role",
    max: 64,
    of: ({ testTrafficHook, slackFunction }) => [testTrafficHook ?? [], slackFunction].flat(),
  },
  { what: "a role", max: 64, of: ({ githubRoles }) => Object.values(githubRoles) },
  {
    what: "a CodeDeploy resource",
    max: 100,
    of: ({ application, deploymentGroup, deploymentConfig }) => [application, deploymentGroup, deploymentConfig],
  },
  { what: "the web ACL", max: 128, of: ({ webAcl }) => [webAcl] },
  { what: "the table", max: 255, of: ({ table }) => [table] },
  { what: "an ECS resource", max: 255, of: ({ cluster, service, family }) => [cluster, service, family] },
  { what: "the topic", max: 256, of: ({ topic }) => [topic] },
];

/** Every name that the stacks derive is one that AWS takes: the strictest says how long a project's may be. */
export const nameChecks: readonly Check[] = [
  (config, right) => {
    if (!right("project")) return [];
    const names = namesOf({ ...DEFAULTS, project: config.project, environment: config.environment });
    const [worst] = NAME_LIMITS.flatMap(({ what, max, of }) => of(names).map((name) => ({ what, max, name }))).sort(
      (a, b) => b.name.length - b.max - (a.name.length - a.max),
    );
    if (!worst || worst.name.length <= worst.max) return [];
    const { what, max, name } = worst;
    const most = config.project.length - (name.length - max);
    const allowed = `at most ${most} characters, since ${name} would name ${what}: AWS takes ${max}`;
    return [notAllowed(config, "project", allowed)];
  },
];
