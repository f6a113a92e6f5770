import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  checkReplaceable,
  parseTemplateFile,
  readTemplateFile,
  writeTemplateFile,
  type TemplateFile,
} from "../../../scripts/rehearse/live/template-file";
import { templateOfFile } from "../../../scripts/rehearse/template-source";
import { TEMPLATE } from "../../cloud/aws/fake-cloud";

const FILE: TemplateFile = {
  format: 2,
  readAt: "2026-01-31T12:00:00Z",
  from: {
    account: "123456789012",
    region: "eu-central-1",
    cluster: "shop",
    service: "shop",
    application: "shop",
    deploymentGroup: "shop",
  },
  notPlayed: [],
  leftOutAlarms: [],
  withheld: [],
  template: TEMPLATE,
};

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "template-test-"));
  file = path.join(folder, "new", "live.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The file with the value at a path of its template replaced; undefined removes it. */
function edited(keys: string, value: unknown): unknown {
  const copy = structuredClone(FILE) as unknown;
  const names = keys.split(".");
  const last = names.pop() ?? "";
  const parent = names.reduce((at, name) => (at as Record<string, unknown>)[name], copy) as Record<string, unknown>;
  if (value === undefined) Reflect.deleteProperty(parent, last);
  else parent[last] = value;
  return copy;
}

const parse = (content: unknown) => () => parseTemplateFile(content, "live.json");

describe("a template file", () => {
  it("is read as it was written, by nobody but its owner", () => {
    writeTemplateFile(file, FILE);
    expect(readTemplateFile(file)).toEqual(FILE);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    // A file that others may read is replaced by one that they may not.
    rmSync(file);
    writeFileSync(file, "{}", { mode: 0o644 });
    writeTemplateFile(file, FILE);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(path.dirname(file))).toEqual(["live.json"]);
  });

  it("may begin with a byte order mark, as some editors write it", () => {
    const marked = path.join(folder, "marked.json");
    writeFileSync(marked, `\uFEFF${JSON.stringify(FILE)}`);
    expect(readTemplateFile(marked)).toEqual(FILE);
  });

  it.each([
    ["another format", { ...FILE, format: 1 }, "live.json has the format 1; this version reads the format 2."],
    ["a format as text", { ...FILE, format: "1" }, 'live.json has the format "1"; this version'],
    ["no format", { template: TEMPLATE }, "live.json is no template file: it has no format"],
    ["null", null, "live.json is no template file"],
    ["a list", [], "live.json is no template file"],
  ])("with %s is refused", (_, content, words) => {
    expect(parse(content)).toThrow(words);
  });

  it.each<readonly [string, unknown, string | RegExp]>([
    ["template.alarms.0.threshold", "2", /^ {2}template.alarms.0.threshold: .*expected number, received string$/m],
    ["template.alarms.0.metric", undefined, "template.alarms.0: needs either metric or metrics"],
    ["template.alarms.1.metric.statistic", "median", 'template.alarms.1: the statistic "median" is not supported'],
    ["template.alarms.1.metric.period", 45, "template.alarms.1: a period is 1, 5, 10"],
    ["template.alarms.1.name", "shop-target-5xx-1", "template.alarms: shop-target-5xx-1 is there twice"],
    ["template.alarms.0.datapointsToAlarm", 3, "template.alarms.0: datapointsToAlarm is more than evaluationPeriods"],
    ["template.alarms.0.treshold", 2, /template.alarms.0: .*treshold/],
    ["template.deploymentGroup.alarms.names", ["gone"], "deploymentGroup.alarms.names.0: gone is not in alarms"],
    ["template.deploymentGroup.deploymentConfigName", "CodeDeployDefault.OneAtATime", "is neither predefined for ECS"],
    ["template.deploymentGroup.targetGroupNames", ["shop-1"], "must be two names"],
    ["template.deploymentGroup.targetGroupNames", ["shop-1", "shop-1"], "targetGroupNames: shop-1 is there twice"],
    ["template.deploymentGroup.productionListenerArns", [], "must be one ARN"],
    ["template.deploymentGroup.serviceName", "store", "deploymentGroup.serviceName: store is not in service.name"],
    ["template.service.desiredCount", 0, "template.service.desiredCount"],
    ["template.service.deploymentController", "ECS", "must be CODE_DEPLOY"],
    ["template.service.loadBalancers.0.containerName", "web", "web is not in taskDefinition.containerDefinitions"],
    ["template.service.loadBalancers.0.containerPort", 9000, "9000 is no port of the container api"],
    [
      "template.targetGroups.0.healthCheck.matcher",
      "2xx",
      "template.targetGroups.0.healthCheck.matcher: must be status",
    ],
    ["template.targetGroups.1.arnSuffix", "shop-2", "template.targetGroups.1.arnSuffix: is not the end of its arn"],
    ["template.loadBalancer.arnSuffix", "shop", "template.loadBalancer.arnSuffix: is not the end"],
    [
      "template.listeners.0.forward.0.targetGroupArn",
      "arn:aws:x",
      "template.listeners.0.forward.0.targetGroupArn: arn:aws:x",
    ],
    ["template.listeners.0.forward", [], "template.listeners.0: forwards nowhere, and has no rules"],
    ["template.cluster.arn", "arn:aws-cn:ecs:cn-north-1:1:cluster/shop", "must be an ARN of the partition aws"],
    ["template.taskDefinition.volumes", [{ name: "data" }], "taskDefinition.volumes: volumes are not supported"],
    ["template.functions", [{ name: "probe" }], "template.functions: must be an empty list"],
    ["template.region", "", "template.region: must be a region"],
    ["template.tables", undefined, "template.tables"],
    ["from.account", undefined, "from.account"],
    ["readAt", "yesterday", "readAt: must be a time"],
  ])("with a wrong %s (%j) is refused by that path", (keys, value, words) => {
    expect(parse(edited(keys, value))).toThrow(words);
  });

  it("tells every mistake at once", () => {
    const content = edited("template.region", "here") as { readAt: string };
    content.readAt = "now";
    expect(parse(content)).toThrow(/^live.json can't be rehearsed:\n {2}readAt: .*\n {2}template.region: .*$/);
  });

  it("is refused when it is missing, a folder, or no JSON", () => {
    expect(() => readTemplateFile(path.join(folder, "none.json"))).toThrow(
      /^--template .*none.json: ENOENT.*--from-live/,
    );
    expect(() => readTemplateFile(folder)).toThrow("EISDIR");
    const broken = path.join(folder, "broken.json");
    writeFileSync(broken, '{ "format": 1,');
    expect(() => readTemplateFile(broken)).toThrow(/broken.json is not JSON: /);
  });

  it("doesn't replace a file of another kind, and tells where it can't be written", () => {
    const other = path.join(folder, "package.json");
    writeFileSync(other, '{ "name": "shop" }');
    expect(() => checkReplaceable(other)).toThrow(`--template-out ${other}: it exists and is no template file`);
    writeFileSync(other, "notes");
    expect(() => checkReplaceable(other)).toThrow("is no template file");
    expect(() => checkReplaceable(folder)).toThrow("choose another file");
    expect(() => checkReplaceable(file)).not.toThrow();
    writeTemplateFile(file, FILE);
    expect(() => checkReplaceable(file)).not.toThrow();
    const below = path.join(other, "live.json");
    expect(() => writeTemplateFile(below, FILE)).toThrow(`--template-out ${below}: `);
    expect(readFileSync(other, "utf8")).toBe("notes");
  });

  it("tells before a rehearsal what the file doesn't have, and what Docker can't play", () => {
    writeTemplateFile(file, {
      ...FILE,
      notPlayed: ["A rule is not played."],
      withheld: ["api: DATABASE_URL", "api: CITY"],
    });
    const { notPlayed, notices } = templateOfFile(file, { runtime: "process", local: ["CITY"] });
    expect(notPlayed).toEqual(["A rule is not played."]);
    expect(notices).toEqual([
      "The network is not simulated: tasks reach everything that this machine reaches.",
      "Values that may be secret are not in the file, so tasks run without them: api: DATABASE_URL. " +
        "Set what the service needs in rehearsal.environment of cdktf.json, or read again with --with-values.",
    ]);
    const container = { ...TEMPLATE.taskDefinition.containerDefinitions[0], links: ["db"] };
    const content = edited("template.taskDefinition.containerDefinitions", [container]) as TemplateFile;
    writeTemplateFile(file, content);
    expect(() => templateOfFile(file, { runtime: "docker", local: [] })).toThrow(
      /links.*; rehearse it with the process runtime$/,
    );
    expect(templateOfFile(file, { runtime: "process", local: [] }).template).toEqual(content.template);
  });
});
