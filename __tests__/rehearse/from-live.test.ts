import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { initialListeners } from "../../scripts/cloud/codedeploy/forward";
import { loadTemplate } from "../../scripts/cloud/loader/load";
import { readTemplateFile } from "../../scripts/rehearse/live/template-file";
import { runSynthesis } from "../../scripts/rehearse/synthesis";
import { contextJson, ORDERS, reported, run, type RunningCommand } from "./command";

// They last as long as the machine needs: a busy one slows the cloud's clock down.
jest.setTimeout(300_000);

const REHEARSAL = "--json --speed 80 --rps 1";
const ERROR = "--fault error --rate 0.9";

let folder: string;
let aws: RunningCommand;
/** The environment of an AWS client of `aws`. */
let client: NodeJS.ProcessEnv;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "from-live-test-"));
  aws = run("cloud", "--speed 60");
  const [, endpoint] = await aws.untilOutput(/export AWS_ENDPOINT_URL=(\S+)/);
  client = { AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local" };
});
afterAll(async () => {
  aws.child.kill("SIGINT");
  await aws.ended;
  rmSync(folder, { recursive: true });
});

describe("npm run rehearse -- --from-live", () => {
  it("reads the stacks from AWS as the loader reads them, and gives the same verdicts", async () => {
    const file = path.join(folder, "live.json");
    const [own, live] = await Promise.all([
      reported(run("rehearse", REHEARSAL)),
      reported(run("rehearse", `${REHEARSAL} --from-live --template-out ${file}`, ORDERS, client)),
    ]);
    const verdictOf = ({ code, report }: typeof own) => {
      const { verdict, strategy, activatedAlarms, deployment, writes, requests } = report;
      return {
        ...{ code, verdict, strategy, activatedAlarms },
        status: deployment?.status,
        errorCode: deployment?.errorCode,
        lost: writes?.lost,
        failed: requests.failed > 0,
      };
    };
    expect(own).toMatchObject({ code: 0, report: { verdict: "released" } });
    expect(verdictOf(live)).toEqual(verdictOf(own));

    const outDirectory = path.join(folder, "cdktf.out");
    await runSynthesis({
      root: process.cwd(),
      outDirectory,
      variables: { ...process.env, ENVIRONMENT: "staging", CDKTF_CONTEXT_JSON: contextJson(ORDERS) },
      signal: new AbortController().signal,
    });
    const stacks = loadTemplate(outDirectory);
    const { template } = readTemplateFile(file);
    // The local cloud has an image of its own in place of the one of the stacks, and AWS adds its defaults.
    const orderOf = (name: string) => stacks.deploymentGroup.alarms.names.indexOf(name);
    const [container, ...others] = stacks.taskDefinition.containerDefinitions;
    expect(template).toMatchObject({
      ...stacks,
      // The local cloud gives the addresses on this machine.
      loadBalancer: { ...stacks.loadBalancer, dnsName: "localhost" },
      listeners: initialListeners(stacks).map((one) => ({ ...one, port: expect.any(Number) as number })),
      // In the order of the deployment group.
      alarms: [...stacks.alarms].sort((a, b) => orderOf(a.name) - orderOf(b.name)),
      functions: [],
      taskDefinition: {
        ...stacks.taskDefinition,
        containerDefinitions: [{ ...container, image: expect.stringContaining("@sha256:") as string }, ...others],
      },
    });

    // Without AWS, from the file.
    const [ownError, liveError] = await Promise.all([
      reported(run("rehearse", `${REHEARSAL} ${ERROR}`)),
      reported(run("rehearse", `${REHEARSAL} ${ERROR} --template ${file}`)),
    ]);
    expect(ownError).toMatchObject({
      code: 2,
      report: { verdict: "rolled-back", activatedAlarms: ["orders-staging-failed-requests-2"] },
    });
    expect(verdictOf(liveError)).toEqual(verdictOf(ownError));
  });

  it("ends with 70 when AWS can't be read, and with 64 for a service that it doesn't have", async () => {
    const closed = { ...client, AWS_ENDPOINT_URL: "http://127.0.0.1:9" };
    const unread = await run("rehearse", `--from-live --template-out ${path.join(folder, "no.json")}`, ORDERS, closed)
      .ended;
    expect(unread).toMatchObject({ code: 70, stderr: expect.stringContaining("ECONNREFUSED") as string });
    expect(unread.stderr).toMatch(/: (ecs:DescribeServices|codedeploy:GetDeploymentGroup) failed with /);
    const missing = await run("rehearse", `--template ${path.join(folder, "no.json")}`).ended;
    expect(missing).toMatchObject({
      code: 64,
      stderr: expect.stringContaining("--from-live writes such a file") as string,
    });
  });
});
