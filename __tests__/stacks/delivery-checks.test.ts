import { ConfigError, loadConfig } from "../../stacks/config";

const VPC = {
  id: "vpc-0123456789abcdef0",
  cidr: "172.31.0.0/16",
  publicSubnetIds: ["subnet-00000000000000001", "subnet-00000000000000002"],
  privateSubnetIds: ["subnet-00000000000000003", "subnet-00000000000000004"],
};

function problemsOf(settings: object): readonly string[] {
  try {
    loadConfig({
      environment: "staging",
      context: { defaults: { project: "carts-api" }, environments: { staging: settings } },
    });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe("a delivery that can't work", () => {
  it("is refused when the test listener would reject the probe", () => {
    expect(problemsOf({ network: { vpc: VPC } })).toEqual([
      expect.stringMatching(/delivery\.hook: true is not allowed; must be false, or network\.vpc\.natAddresses/),
    ]);
  });

  it.each([
    { network: { vpc: { ...VPC, natAddresses: ["203.0.113.7"] } } },
    { network: { vpc: VPC }, loadBalancer: { testAllowedCidrs: ["203.0.113.0/24"] } },
    { network: { vpc: VPC }, delivery: { hook: false } },
  ])("is not refused when it is let in, or not asked for: %j", (settings) => {
    expect(problemsOf(settings)).toEqual([]);
  });

  it.each([{ emails: ["team@example.com"] }, { slackWebhookParameter: "/slack" }])(
    "is refused with %j when notifications are off",
    (who) => {
      expect(problemsOf({ notifications: { enabled: false, ...who } })).toEqual([
        expect.stringContaining("notifications.enabled: false is not allowed; must be true"),
      ]);
    },
  );
});
