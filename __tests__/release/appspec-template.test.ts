import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { readAppSpecTemplate } from "../../scripts/release/appspec-template";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "appspec-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe("the template of the appspec", () => {
  it("is the service's own, when its folder has one", () => {
    const file = join(directory, "appspec.yaml");
    writeFileSync(file, "version: 0.0\n");
    expect(readAppSpecTemplate(directory)).toEqual({ file, text: "version: 0.0\n" });
  });

  it("is not silently the built-in one when the service's own can't be read", () => {
    mkdirSync(join(directory, "appspec.yaml"));
    expect(() => readAppSpecTemplate(directory)).toThrow(/EISDIR/);
  });

  it("is else the built-in one: for ECS, with a placeholder for all that the live service and the stacks know", () => {
    const { file, text } = readAppSpecTemplate(directory);
    expect(file).toBe("scripts/release/appspec.yaml");
    expect(parse(text)).toEqual({
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
