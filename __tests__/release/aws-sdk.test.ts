import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { devNull, tmpdir } from "node:os";
import path from "node:path";
import { connectToAws } from "../../scripts/release/aws-sdk";

const inherited = { ...process.env };

/** AWS, as far as to be asked: remembers the operations asked for, in AWS's own names. */
async function awsAnswering(answer: (request: IncomingMessage, response: ServerResponse, count: number) => void) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      const target = request.headers["x-amz-target"];
      const name = typeof target === "string" ? target.split(".").at(-1) : /Action=(\w+)/.exec(body)?.[1];
      asked.push(name ?? "?");
      answer(request, response, asked.length);
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  process.env["AWS_ENDPOINT_URL"] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    asked,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const refuse = (response: ServerResponse, type: string) => {
  response.writeHead(400, { "x-amzn-errortype": type });
  response.end(JSON.stringify({ __type: type, message: "no" }));
};

beforeEach(() => {
  const others = Object.entries(inherited).filter(([name]) => !name.startsWith("AWS_"));
  process.env = {
    ...Object.fromEntries(others),
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
  };
});
afterAll(() => {
  process.env = inherited;
});

describe("the way to AWS", () => {
  it("asks for each operation by AWS's own name for it", async () => {
    const aws = await awsAnswering((_, response) => refuse(response, "ValidationException"));
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

  it("repeats a question whose answer was lost", async () => {
    const aws = await awsAnswering((request, response, count) => {
      if (count === 1) request.socket.destroy();
      else response.end("{}");
    });
    try {
      const { getDeployment } = await connectToAws("eu-central-1");
      await getDeployment({ deploymentId: "d-ABCDEFGHI" });
      expect(aws.asked).toEqual(["GetDeployment", "GetDeployment"]);
    } finally {
      aws.close();
    }
  });

  it.each([
    ["its answer was lost", (request: IncomingMessage) => void request.socket.destroy()],
    [
      "it was throttled",
      (_: IncomingMessage, response: ServerResponse) => {
        refuse(response, "ThrottlingException");
      },
    ],
  ])("never repeats CreateDeployment by itself when %s, whatever the environment says", async (_, answer) => {
    process.env["AWS_MAX_ATTEMPTS"] = "5";
    const aws = await awsAnswering(answer);
    try {
      const { createDeployment } = await connectToAws("eu-central-1");
      await expect(createDeployment({ applicationName: "tasks" })).rejects.toMatchObject({
        $metadata: { attempts: 1 },
      });
      expect(aws.asked).toEqual(["CreateDeployment"]);
    } finally {
      aws.close();
    }
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
