import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { SERVICES } from "../../scripts/cloud/aws/services";
import { AWS_OPERATIONS, awsName, type Operation } from "../../scripts/release/aws-port";
import { connectToAws } from "../../scripts/release/aws-sdk";
import { awsAnswering, isolateAws, refuse, restoreEnvironment } from "../command/hostile-aws";

beforeEach(isolateAws);
afterAll(restoreEnvironment);

describe("the connection to AWS", () => {
  it("calls each operation by AWS's name", async () => {
    const aws = await awsAnswering((response) => refuse(response, "ValidationException"));
    try {
      const names: string[] = [];
      for (const [name, call] of Object.entries(await connectToAws("eu-central-1"))) {
        if (typeof call !== "function") continue;
        names.push(name.charAt(0).toUpperCase() + name.slice(1));
        await expect((call as (input: object) => Promise<unknown>)({})).rejects.toThrow();
      }
      expect(names.length).toBeGreaterThan(15);
      expect(aws.asked).toEqual(names);
    } finally {
      aws.close();
    }
  });

  it.each([
    ["its answer was lost", (response: ServerResponse) => void response.socket?.destroy()],
    ["it was throttled", (response: ServerResponse) => refuse(response, "ThrottlingException")],
  ])("never repeats a call by itself when %s, whatever the environment sets", async (_, answer) => {
    process.env["AWS_MAX_ATTEMPTS"] = "5";
    const aws = await awsAnswering(answer);
    try {
      const { createDeployment, stopDeployment, getDeployment } = await connectToAws("eu-central-1");
      const once = { $metadata: { attempts: 1 } };
      await expect(createDeployment({ applicationName: "tasks" })).rejects.toMatchObject(once);
      await expect(stopDeployment({ deploymentId: "d-ABCDEFGHI" })).rejects.toMatchObject(once);
      await expect(getDeployment({ deploymentId: "d-ABCDEFGHI" })).rejects.toMatchObject(once);
      expect(aws.asked).toEqual(["CreateDeployment", "StopDeployment", "GetDeployment"]);
    } finally {
      aws.close();
    }
  });
});

describe("the local cloud", () => {
  it("serves every operation of a release but GetDownloadUrlForLayer, without which a release continues", () => {
    const served = SERVICES.flatMap(({ operations }) => operations.map(({ name }) => name));
    const called = Object.values(AWS_OPERATIONS).flatMap((operations) => Object.keys(operations) as Operation[]);
    expect(called.map(awsName).filter((name) => !served.includes(name))).toEqual(["GetDownloadUrlForLayer"]);
  });
});

describe("the region", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "aws-sdk-test-"));
    const file = path.join(folder, "config");
    writeFileSync(file, "[profile somewhere]\nregion = ap-south-1\n");
    process.env["AWS_CONFIG_FILE"] = file;
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it.each([
    ["AWS_REGION's", { AWS_REGION: "us-east-1", AWS_DEFAULT_REGION: "us-west-2" }, "us-east-1"],
    ["AWS_DEFAULT_REGION's without it", { AWS_DEFAULT_REGION: "us-west-2" }, "us-west-2"],
    ["AWS_DEFAULT_REGION's when it is empty", { AWS_REGION: "", AWS_DEFAULT_REGION: "us-west-2" }, "us-west-2"],
    ["the profile's", { AWS_PROFILE: "somewhere" }, "ap-south-1"],
    [
      "the profile's when both are empty",
      { AWS_REGION: "", AWS_DEFAULT_REGION: "", AWS_PROFILE: "somewhere" },
      "ap-south-1",
    ],
    ["the configuration's when nobody else names one", {}, "eu-central-1"],
    ["the configuration's when the variables are empty", { AWS_REGION: "", AWS_DEFAULT_REGION: "" }, "eu-central-1"],
  ])("is %s", async (_, variables, expected) => {
    Object.assign(process.env, variables);
    expect((await connectToAws("eu-central-1")).region).toBe(expected);
  });
});
