import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";

describe("the template of the appspec", () => {
  const template: unknown = parse(readFileSync(path.join(__dirname, "../../api/appspec.yaml"), "utf8"));

  it("is an appspec for ECS with a placeholder for everything that the live service and the stacks know", () => {
    expect(template).toEqual({
      version: 0,
      Hooks: [{ AfterAllowTestTraffic: "<AFTER_ALLOW_TEST_TRAFFIC_HOOK>" }],
      Resources: [
        {
          TargetService: {
            Type: "AWS::ECS::Service",
            Properties: {
              TaskDefinition: "<TASK_DEFINITION>",
              LoadBalancerInfo: { ContainerName: "<CONTAINER_NAME>", ContainerPort: "<CONTAINER_PORT>" },
              PlatformVersion: "<PLATFORM_VERSION>",
              NetworkConfiguration: {
                AwsvpcConfiguration: {
                  Subnets: "<SUBNETS>",
                  SecurityGroups: "<SECURITY_GROUPS>",
                  AssignPublicIp: "<ASSIGN_PUBLIC_IP>",
                },
              },
              CapacityProviderStrategy: "<CAPACITY_PROVIDER_STRATEGY>",
            },
          },
        },
      ],
    });
  });
});
