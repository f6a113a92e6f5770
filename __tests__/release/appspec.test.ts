import { createHash } from "node:crypto";
import { parse } from "yaml";
import { AppSpecError, renderAppSpec, unsetByTemplate } from "../../scripts/release/appspec";
import { readAppSpecTemplate } from "../../scripts/release/appspec-template";
import { beyondAppSpec, liveService, type LiveService } from "../../scripts/release/live-service";
import { LIVE_REVISION, liveEcsService, names, NEXT_REVISION, TEMPLATE } from "./fakes";

const service = liveService(liveEcsService(), names.container);
const properties = (content: string) => {
  const document = parse(content) as { Resources: { TargetService: { Properties: Record<string, unknown> } }[] };
  return document.Resources[0]?.TargetService.Properties;
};
const rendered = (overrides: Partial<LiveService> = {}, template = TEMPLATE) =>
  properties(renderAppSpec(template, { ...service, ...overrides }, NEXT_REVISION).content);
const problemsOf = (template: string, overrides: Partial<LiveService> = {}) => {
  try {
    renderAppSpec(template, { ...service, ...overrides }, NEXT_REVISION);
    return [];
  } catch (error) {
    if (error instanceof AppSpecError) return error.problems;
    throw error;
  }
};

describe("the rendered appspec", () => {
  it("has the new revision and the live service's settings", () => {
    expect(rendered()).toEqual({
      TaskDefinition: NEXT_REVISION,
      LoadBalancerInfo: { ContainerName: names.container, ContainerPort: 8080 },
      PlatformVersion: "1.4.0",
      NetworkConfiguration: {
        AwsvpcConfiguration: {
          Subnets: ["subnet-a", "subnet-b"],
          SecurityGroups: ["sg-1"],
          AssignPublicIp: "DISABLED",
        },
      },
    });
  });

  it("keeps the capacity providers, which a deployment without them would remove", () => {
    const strategy = [
      { capacityProvider: "FARGATE_SPOT", weight: 3 },
      { capacityProvider: "FARGATE", weight: 1, base: 1 },
    ];
    expect(rendered({ capacityProviderStrategy: strategy })).toHaveProperty("CapacityProviderStrategy", [
      { Base: 0, CapacityProvider: "FARGATE_SPOT", Weight: 3 },
      { Base: 1, CapacityProvider: "FARGATE", Weight: 1 },
    ]);
  });

  it("uses the template's own capacity providers instead of the live service's", () => {
    const template = TEMPLATE.replace(
      '"<CAPACITY_PROVIDER_STRATEGY>"',
      "[{ Base: 0, CapacityProvider: FARGATE_SPOT, Weight: 1 }]",
    );
    expect(rendered({ capacityProviderStrategy: [{ capacityProvider: "FARGATE" }] }, template)).toHaveProperty(
      "CapacityProviderStrategy",
      [{ Base: 0, CapacityProvider: "FARGATE_SPOT", Weight: 1 }],
    );
  });

  it("leaves out the platform version when the service has none", () => {
    const [primary] = liveEcsService().taskSets ?? [];
    const taskSets = primary ? [{ ...primary, platformVersion: "" }] : [];
    const without = liveService(liveEcsService({ taskSets }), names.container);
    expect(properties(renderAppSpec(TEMPLATE, without, NEXT_REVISION).content)).not.toHaveProperty("PlatformVersion");
  });

  it.each([
    ["no security group", { subnets: ["subnet-a"], securityGroups: [], assignPublicIp: "DISABLED" }],
    ["no subnet", { subnets: [], securityGroups: ["sg-1"], assignPublicIp: "DISABLED" }],
    ["no public address setting", { subnets: ["subnet-a"], securityGroups: ["sg-1"] }],
  ])("leaves out the whole network configuration when there is %s", (_, network) => {
    expect(rendered({ network })).not.toHaveProperty("NetworkConfiguration");
  });

  it.each(["1.4.0", "007", "true", 'a "quoted" name', "a: b #c", "multi\nline", "<TASK_DEFINITION>"])(
    "keeps the string %j as it is",
    (value) => {
      expect(rendered({ platformVersion: value })).toHaveProperty("PlatformVersion", value);
    },
  );

  it("replaces a list with a placeholder by the placeholder's list", () => {
    const template = TEMPLATE.replace('Subnets: "<SUBNETS>"', 'Subnets: ["<SUBNETS>"]');
    expect(rendered({}, template)).toHaveProperty("NetworkConfiguration.AwsvpcConfiguration.Subnets", [
      "subnet-a",
      "subnet-b",
    ]);
  });

  // The spellings of AWS's guide and of its CDK library.
  it("is the same with the template's keys in lower case or in camel case, and as JSON", () => {
    const strategy = [{ capacityProvider: "FARGATE_SPOT", weight: 1 }];
    const keys = (written: (key: string) => string) =>
      TEMPLATE.replace(/^([ -]*)(\w+):/gm, (_, indent: string, key: string) => `${indent}${written(key)}:`);
    const camel = (key: string) => key.charAt(0).toLowerCase() + key.slice(1);
    for (const template of [keys((key) => key.toLowerCase()), keys(camel), JSON.stringify(parse(keys(camel)))]) {
      const live = { ...service, capacityProviderStrategy: strategy };
      const { content } = renderAppSpec(template, live, NEXT_REVISION, "probe-it");
      const same = renderAppSpec(TEMPLATE, live, NEXT_REVISION, "probe-it").content;
      expect(JSON.stringify(parse(content)).toLowerCase()).toBe(JSON.stringify(parse(same)).toLowerCase());
    }
  });

  it.each(["0.0", '"0.0"', "1"])("keeps the template's version %s", (version) => {
    const { content } = renderAppSpec(TEMPLATE.replace("version: 0.0", `version: ${version}`), service, NEXT_REVISION);
    expect(parse(content)).toHaveProperty("version", parse(version));
  });

  it("keeps the template's own settings, such as hooks", () => {
    const template = `${TEMPLATE}  - AfterAllowTraffic: "smoke-test"\n`;
    const { content } = renderAppSpec(template, service, NEXT_REVISION);
    expect(parse(content)).toHaveProperty("Hooks", [{ AfterAllowTraffic: "smoke-test" }]);
  });

  it("names the function that probes the new version after test traffic", () => {
    const { content } = renderAppSpec(TEMPLATE, service, NEXT_REVISION, "probe-it");
    expect(parse(content)).toHaveProperty("Hooks", [{ AfterAllowTestTraffic: "probe-it" }]);
  });

  it("has no hooks when the probe is turned off", () => {
    expect(parse(renderAppSpec(TEMPLATE, service, NEXT_REVISION).content)).not.toHaveProperty("Hooks");
  });

  it("has the sha256 of its content", () => {
    const { content, sha256 } = renderAppSpec(TEMPLATE, service, NEXT_REVISION);
    expect(sha256).toBe(createHash("sha256").update(content).digest("hex"));
  });

  it("renders the built-in template", () => {
    expect(rendered({}, readAppSpecTemplate("none").text)).toHaveProperty("TaskDefinition", NEXT_REVISION);
  });
});

describe("a template that cannot be rendered", () => {
  it.each([
    ["an unknown placeholder", `${TEMPLATE}Other: "<HOOK>"\n`, /unknown placeholder <HOOK>; known are TASK_DEFINITION/],
    ["a placeholder inside a value", `${TEMPLATE}Other: "arn:<CONTAINER_NAME>"\n`, /must be the whole value/],
    ["no task definition", TEMPLATE.replace('"<TASK_DEFINITION>"', "arn:fixed"), /lacks <TASK_DEFINITION>/],
    ["half a network", TEMPLATE.replace('Subnets: "<SUBNETS>"', ""), /must be complete: the template lacks <SUBNETS>/],
    ["no version", TEMPLATE.replace("version: 0.0", ""), /lacks version: CodeDeploy requires 0.0/],
    ["a key in two cases", `${TEMPLATE}resources: []\n`, /Resources and resources are the same key/],
    ["broken YAML", `${TEMPLATE}\n  : [`, /not YAML/],
  ])("is refused for %s", (_, template, message) => {
    expect(problemsOf(template).join("\n")).toMatch(message);
  });

  it("is refused when it would remove the capacity providers", () => {
    const template = TEMPLATE.replace(/ +CapacityProviderStrategy.*\n/, "");
    expect(problemsOf(template)).toEqual([]);
    expect(problemsOf(template, { capacityProviderStrategy: [{ capacityProvider: "FARGATE" }] }).join()).toMatch(
      /would lose its capacity providers/,
    );
  });

  it("is refused when nothing would probe the new version", () => {
    const template = TEMPLATE.replace(/Hooks:[^]*/, "");
    expect(() => renderAppSpec(template, service, NEXT_REVISION)).not.toThrow();
    expect(() => renderAppSpec(template, service, NEXT_REVISION, "probe-it")).toThrow(
      /lacks <AFTER_ALLOW_TEST_TRAFFIC_HOOK>: nothing would probe the new version/,
    );
  });

  it("is reported with all its problems at once", () => {
    const template = `${TEMPLATE.replace('"<TASK_DEFINITION>"', "arn:fixed")}A: "<B>"\nC: "<D>"\n`;
    expect(problemsOf(template)).toHaveLength(3);
  });
});

describe("what the template leaves to AWS", () => {
  const without = TEMPLATE.replace(/ +PlatformVersion.*\n/, "");

  it("is a warning about a platform version that the live service has", () => {
    expect(unsetByTemplate(without, { ...service, platformVersion: "1.3.0" }).join()).toMatch(
      /no PlatformVersion: .* the live one on 1.3.0/,
    );
  });

  it.each([
    ["the template names it", TEMPLATE, "1.3.0"],
    ["the template names it in another case", TEMPLATE.replace("PlatformVersion", "platformVersion"), "1.3.0"],
    ["the live service has the latest", without, "LATEST"],
    ["the live service has none", without, undefined],
  ])("is nothing when %s", (_, template, platformVersion) => {
    const live = { ...liveService(liveEcsService(), names.container), platformVersion };
    const { platformVersion: version, ...rest } = live;
    expect(unsetByTemplate(template, version === undefined ? rest : { ...rest, platformVersion: version })).toEqual([]);
  });
});

describe("a template with the container and the port written out", () => {
  const written = (container: string, port: string) =>
    TEMPLATE.replace('"<CONTAINER_NAME>"', container).replace('"<CONTAINER_PORT>"', port);

  it.each([
    ["web", "8080"],
    ['"web"', '"8080"'],
  ])("is rendered when they are the live ones: %s, %s", (container, port) => {
    const live = { ...service, container: "web", containerPort: 8080 };
    expect(renderAppSpec(written(container, port), live, NEXT_REVISION).content).toContain("web");
  });

  it("is refused when they are others", () => {
    expect(problemsOf(written("web", "80"))).toEqual([
      `ContainerName is web, the load balancer reaches ${names.container}`,
      "ContainerPort is 80, the load balancer reaches 8080",
    ]);
  });
});

describe("the live service", () => {
  it("has warnings about settings that an appspec can't name", () => {
    const [primary = {}] = liveEcsService().taskSets ?? [];
    const having = (rest: object) => beyondAppSpec(liveEcsService({ taskSets: [{ ...primary, ...rest }] }));
    expect(having({})).toEqual([]);
    expect(having({ serviceRegistries: [{ registryArn: "arn:registry" }] }).join()).toMatch(
      /registered in arn:registry/,
    );
  });

  it("has the PRIMARY task set's settings, and the service's where those are missing", () => {
    const answered = liveEcsService({
      taskDefinition: "arn:other",
      platformVersion: "LATEST",
      capacityProviderStrategy: [{ capacityProvider: "FARGATE" }],
    });
    expect(liveService(answered, names.container)).toMatchObject({
      taskDefinition: LIVE_REVISION,
      platformVersion: "1.4.0",
      capacityProviderStrategy: [{ capacityProvider: "FARGATE" }],
    });
  });

  it("ignores the task set of a release that is under way", () => {
    const [primary] = liveEcsService().taskSets ?? [];
    const green = { id: "ecs-svc/2", status: "ACTIVE", taskDefinition: NEXT_REVISION };
    expect(
      liveService(liveEcsService({ taskSets: [green, ...(primary ? [primary] : [])] }), names.container).taskDefinition,
    ).toBe(LIVE_REVISION);
  });

  it("must be behind one target group, of which the container and the port are read", () => {
    const behind =
      (...loadBalancers: readonly object[]) =>
      () =>
        liveService(liveEcsService({ taskSets: [], taskDefinition: LIVE_REVISION, loadBalancers: [...loadBalancers] }));
    const one = { targetGroupArn: "arn:aws:elasticloadbalancing:eu-central-1:1:targetgroup/blue/1" };
    expect(behind({ ...one, containerName: "web", containerPort: 3000 })()).toMatchObject({
      container: "web",
      containerPort: 3000,
    });
    expect(behind()).toThrow("no load balancer");
    expect(behind(one)).toThrow("doesn't say which container and port");
    expect(behind({ ...one, containerName: "web", containerPort: 3000 }, { loadBalancerName: "old" })).toThrow(
      "behind 2 target groups (blue for web:3000, old for ?:?)",
    );
  });

  it("must have the container behind its load balancer", () => {
    expect(() => liveService(liveEcsService(), "web")).toThrow("the load balancer reaches no container web");
  });
});
