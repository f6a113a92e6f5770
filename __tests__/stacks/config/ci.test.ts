import { loadConfig } from "../../../stacks/config";
import { problemsOf, warningsOf } from "./problems-of";

const GITHUB = { provider: "github", repository: "octo-org/carts-api" };
const GITLAB = { provider: "gitlab", project: "octo-group/carts-api", projectId: 42 };
const SUBJECTS = {
  plan: ["pipeline:tasks:ref:refs/heads/feature"],
  deploy: ["pipeline:tasks:ref:refs/heads/main"],
  release: ["pipeline:tasks:ref:refs/heads/main", "pipeline:tasks:ref:refs/tags/v1"],
};
const OIDC = { provider: "oidc", issuer: "https://ci.example.com/org/1", audience: "aws", subjects: SUBJECTS };
const provider = (issuer: string) => `arn:aws:iam::123456789012:oidc-provider/${issuer}`;
const THUMBPRINT = "0123456789abcdef0123456789ABCDEF01234567";
const problems = (ci: unknown) => problemsOf({ ci });

describe("the CI in the configuration", () => {
  it.each([
    ["none", undefined],
    ["GitHub", GITHUB],
    [
      "GitHub without roles, but with a boundary",
      { provider: "github", permissionsBoundaryArn: "arn:aws:iam::aws:policy/b" },
    ],
    ["GitLab.com", GITLAB],
    ["GitLab in subgroups", { ...GITLAB, project: "group/sub.group/_x/carts-api" }],
    ["an instance of one's own", { provider: "gitlab", project: "g/p", issuer: "https://git.example.com/gitlab" }],
    [
      "a bucket as the issuer of an instance",
      { provider: "gitlab", project: "g/p", issuer: "https://b.s3.eu-north-1.amazonaws.com" },
    ],
    ["an existing provider", { ...GITLAB, oidcProviderArn: provider("gitlab.com") }],
    [
      "an authority of one's own",
      { provider: "gitlab", project: "g/p", issuer: "https://git.lan", thumbprints: [THUMBPRINT] },
    ],
    ["another issuer", OIDC],
    [
      "an issuer with a slash at its end",
      { ...OIDC, issuer: "https://example.auth0.com/", oidcProviderArn: provider("example.auth0.com/") },
    ],
    ["subjects in braces", { ...OIDC, subjects: { ...SUBJECTS, deploy: ["{9e1d}:{77ab}"] } }],
  ])("is accepted without a warning: %s", (_, ci) => {
    expect(problems(ci)).toEqual([]);
    expect(warningsOf({ ci })).toEqual([]);
  });

  it.each([
    ["", "github", 'an object whose provider is "github", "gitlab" or "oidc"'],
    ["provider", { repository: "octo-org/carts-api" }, 'an object whose provider is "github", "gitlab" or "oidc"'],
    ["provider", { provider: "jenkins" }, '"github", "gitlab" or "oidc"'],
    ["repository", { ...GITHUB, repository: "carts-api" }, "such as octo-org/orders"],
    ["repository", { ...GITHUB, repository: "octo-org/*" }, "such as octo-org/orders"],
    ["ownerId", { ...GITHUB, ownerId: "123456", repositoryId: 1 }, "an id of GitHub"],
    ["repositoryId", { ...GITHUB, ownerId: 1, repositoryId: 0 }, "an id of GitHub"],
    ["ownerId", { ...GITHUB, repositoryId: 1 }, "set together with ci.repositoryId"],
    ["repositoryId", { ...GITHUB, ownerId: 1 }, "set together with ci.ownerId"],
    ["branch", { ...GITHUB, branch: "release/*" }, "without wildcards"],
    ["environment", { ...GITHUB, environment: "*" }, "a GitHub environment's name"],
    ["oidcProviderArn", { ...GITHUB, oidcProviderArn: "arn:aws:iam::123456789012:role/x" }, "an OIDC provider's ARN"],
    [
      "oidcProviderArn",
      { ...GITHUB, oidcProviderArn: provider("gitlab.com") },
      "ends with :oidc-provider/token.actions",
    ],
    ["permissionsBoundaryArn", { ...GITHUB, permissionsBoundaryArn: "boundary" }, "a managed policy's ARN"],
    ["project", { ...GITHUB, project: "g/p" }, "unknown key"],
    ["project", { provider: "gitlab" }, "missing; must be a GitLab project's path"],
    ["project", { ...GITLAB, project: "carts-api" }, "a GitLab project's path"],
    ["project", { ...GITLAB, project: "octo-group/*" }, "a GitLab project's path"],
    ["project", { ...GITLAB, project: "octo-group/tasks:ref_type:branch" }, "a GitLab project's path"],
    ["project", { ...GITLAB, project: "octo-group/carts-api/" }, "a GitLab project's path"],
    ["projectId", { ...GITLAB, projectId: "42" }, "an id of GitLab"],
    ["projectId", { ...GITLAB, issuer: "https://git.example.com" }, "left out with another issuer"],
    ["branch", { ...GITLAB, branch: "*" }, "without wildcards"],
    ["environment", { ...GITLAB, environment: "production" }, "unknown key"],
    ["issuer", { provider: "gitlab", project: "g/p", issuer: "http://git.example.com" }, "https"],
    ["issuer", { provider: "gitlab", project: "g/p", issuer: "https://git.example.com/" }, "without a slash"],
    ["issuer", { ...OIDC, issuer: "http://ci.example.com" }, "https"],
    ["issuer", { ...OIDC, issuer: "ci.example.com" }, "https"],
    ["issuer", { ...OIDC, issuer: "https://ci.example.com:8443" }, "no port"],
    ["issuer", { ...OIDC, issuer: "https://ci.example.com?a=b" }, "no query"],
    ["issuer", { ...OIDC, issuer: "https://user@ci.example.com" }, "https"],
    ["issuer", { ...OIDC, issuer: "https://*.example.com" }, "https"],
    ["audience", { ...OIDC, audience: "" }, "1 to 255 characters"],
    ["audience", { ...OIDC, audience: "*" }, "without wildcards"],
    ["audience", { ...OIDC, audience: undefined }, "missing"],
    ["subjects", { ...OIDC, subjects: undefined }, "missing"],
    ["subjects.release", { ...OIDC, subjects: { ...SUBJECTS, release: undefined } }, "missing"],
    ["subjects.deploy", { ...OIDC, subjects: { ...SUBJECTS, deploy: [] } }, "at least one"],
    ["subjects.deploy", { ...OIDC, subjects: { ...SUBJECTS, deploy: ["a", "a"] } }, "without repetitions"],
    ["subjects.deploy.0", { ...OIDC, subjects: { ...SUBJECTS, deploy: ["*"] } }, "begin with"],
    ["subjects.plan.0", { ...OIDC, subjects: { ...SUBJECTS, plan: ["?roject"] } }, "begin with"],
    ["subjects.plan.0", { ...OIDC, subjects: { ...SUBJECTS, plan: ["a:${aws:username}"] } }, "without ${"],
    ["thumbprints.0", { ...OIDC, thumbprints: ["ab:cd"] }, "40 hexadecimal digits"],
    ["thumbprints", { ...OIDC, thumbprints: [] }, "1 to 5 thumbprints"],
    [
      "thumbprints",
      { ...OIDC, thumbprints: [THUMBPRINT], oidcProviderArn: provider("ci.example.com/org/1") },
      "left out",
    ],
    ["thumbprints", { ...GITHUB, thumbprints: [THUMBPRINT] }, "unknown key"],
  ])("is refused at %s: %j", (path, ci, why) => {
    const at = ["environments.staging.ci", path].filter((part) => part !== "").join(".");
    expect(problems(ci)).toEqual([expect.stringContaining(why)]);
    expect(problems(ci)[0]?.split(": ")[0]).toBe(at);
  });

  it.each(["ownerId", "repositoryId", "environment", "branch", "oidcProviderArn"])(
    "has no %s of GitHub without a repository",
    (key) => {
      const value = { ownerId: 1, repositoryId: 2, environment: "live", branch: "main" }[key];
      const ci = { provider: "github", [key]: value ?? provider("token.actions.githubusercontent.com") };
      expect(problems(ci)).toContainEqual(
        expect.stringMatching(new RegExp(`ci\\.${key}: .* must be left out without ci\\.repository`)),
      );
    },
  );

  it("lays an environment's keys over the defaults of the same CI, and takes another CI as a whole", () => {
    const ci = (staging: unknown) =>
      loadConfig({
        environment: "staging",
        context: { defaults: { project: "carts-api", ci: GITHUB }, environments: { staging } },
      }).ci;
    expect(ci({ ci: { environment: "live" } })).toEqual({ ...GITHUB, environment: "live" });
    expect(ci({ ci: { provider: "github", branch: "trunk" } })).toEqual({ ...GITHUB, branch: "trunk" });
    expect(ci({ ci: OIDC })).toEqual(OIDC);
  });
});

describe("the former key of GitHub", () => {
  it("is refused in each place with what to write there", () => {
    const defaults = { github: { repository: "octo-org/carts-api", ownerId: 1, repositoryId: 2 } };
    expect(problemsOf({ github: { environment: "live" } }, { defaults })).toEqual([
      'defaults.github: is called ci now; write "ci": {"provider":"github","repository":"octo-org/carts-api","ownerId":1,"repositoryId":2} instead',
      'environments.staging.github: is called ci now; write "ci": {"provider":"github","environment":"live"} instead',
    ]);
  });

  it.each([[{}], [null], ["octo-org/carts-api"]])("is refused also when it is %j", (github) => {
    expect(problemsOf({ github })).toEqual([
      'environments.staging.github: is called ci now; write "ci": {"provider":"github"} instead',
    ]);
  });

  it("is refused beside the other problems, and beside the new key", () => {
    expect(problemsOf({ github: {}, ci: GITHUB, region: 5 })).toHaveLength(2);
  });
});

describe("a warning about the CI", () => {
  const wildcards = { plan: ["project:*"], deploy: ["project:tasks:ref:main:*"], release: SUBJECTS.release };

  it("tells who else may get GitLab's path", () => {
    expect(warningsOf({ ci: { ...GITLAB, projectId: undefined } })).toEqual([
      expect.stringMatching(
        /^environments\.staging\.ci\.projectId: missing: whoever takes over the path octo-group\/carts-api/,
      ),
    ]);
  });

  it("tells of each wildcard in a subject", () => {
    expect(warningsOf({ ci: { ...OIDC, subjects: wildcards } })).toEqual([
      expect.stringMatching(/ci\.subjects\.plan\.0: "project:\*" has a wildcard, .* can plan$/),
      expect.stringMatching(/ci\.subjects\.deploy\.0: "project:tasks:ref:main:\*" has a wildcard, .* can deploy$/),
    ]);
  });

  it("tells when jobs that only plan can deploy or release too", () => {
    const open = { plan: ["project:tasks:pr.1"], deploy: ["project:tasks:*"], release: ["project:tasks:pr.1"] };
    expect(warningsOf({ ci: { ...OIDC, subjects: open } })).toEqual([
      expect.stringContaining("has a wildcard"),
      expect.stringMatching(/deploy\.0: .* fits "project:tasks:pr\.1" of ci\.subjects\.plan too: .* can deploy$/),
      expect.stringMatching(/release\.0: .* fits "project:tasks:pr\.1" of ci\.subjects\.plan too: .* can release$/),
    ]);
  });
});
