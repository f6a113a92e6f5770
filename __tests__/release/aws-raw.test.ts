import { createHash, createHmac } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { connectToAws } from "../../scripts/release/aws-sdk";
import { awsServing, useLocalCredentials } from "./served-aws";

const SECRET = "local";

/** The signature that a request must have, computed from the request that arrived. */
function signatureOf({ headers, method = "", url = "" }: IncomingMessage, body: string): string {
  const [, scope = "", signed = ""] =
    /Credential=[^/]+\/([^,]+), SignedHeaders=([^,]+)/.exec(headers.authorization ?? "") ?? [];
  const hash = (text: string) => createHash("sha256").update(text).digest("hex");
  const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
  const lines = signed.split(";").map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const canonical = [method, url, "", lines.join(""), signed, hash(body)].join("\n");
  const text = ["AWS4-HMAC-SHA256", String(headers["x-amz-date"]), scope, hash(canonical)].join("\n");
  const key = scope.split("/").reduce<string | Buffer>((made, part) => hmac(made, part), `AWS4${SECRET}`);
  return createHmac("sha256", key).update(text).digest("hex");
}

useLocalCredentials(SECRET);

/** A revision with fields that no SDK knows, at every depth. */
const ODD = {
  family: "tasks",
  newAtTheTop: { count: 9007199254740993n.toString(), list: [] },
  containerDefinitions: [
    {
      name: "api",
      image: "x@1",
      newInTheContainer: "a",
      logConfiguration: { logDriver: "awslogs" as const, newInTheLog: true },
    },
  ],
  volumes: [{ name: "data", newInTheVolume: { deep: [{ deeper: 1 }] } }],
  runtimePlatform: { cpuArchitecture: "X86_64" as const, newInThePlatform: "b" },
};

describe("a task definition from and to AWS", () => {
  it("is read completely, and fields that the SDK doesn't know are named", async () => {
    const answer = {
      taskDefinition: { ...ODD, registeredAt: 1_700_000_000.5, status: "ACTIVE" },
      tags: [{ key: "a" }],
    };
    await awsServing(
      () => JSON.stringify(answer),
      async () => {
        const { describeTaskDefinition } = await connectToAws("eu-central-1");
        const { unknown, ...rest } = await describeTaskDefinition({ taskDefinition: "tasks:1" });
        expect(rest).toEqual(answer);
        expect(unknown?.toSorted()).toEqual([
          "containerDefinitions[api].logConfiguration.newInTheLog",
          "containerDefinitions[api].newInTheContainer",
          "newAtTheTop",
          "runtimePlatform.newInThePlatform",
          "volumes[data].newInTheVolume",
        ]);
      },
    );
  });

  it("is sent completely, with a length and a signature of the whole body", async () => {
    const seen: { body: string; expected: string; authorization: string; length: string | undefined }[] = [];
    await awsServing(
      (request, body) => {
        const { authorization = "", "content-length": length } = request.headers;
        seen.push({ body, expected: signatureOf(request, body), authorization, length });
        return JSON.stringify({ taskDefinition: { ...ODD, taskDefinitionArn: "arn:tasks:2" } });
      },
      async () => {
        const { registerTaskDefinition } = await connectToAws("eu-central-1");
        const answer = await registerTaskDefinition({ ...ODD });
        expect(answer.taskDefinition).toMatchObject(ODD);
      },
    );
    expect(seen).toHaveLength(1);
    expect(JSON.parse(seen[0]?.body ?? "")).toEqual(ODD);
    expect(seen[0]?.authorization).toContain(`Signature=${seen[0]?.expected}`);
    expect(seen[0]?.length).toBe(String(Buffer.byteLength(seen[0]?.body ?? "")));
  });

  it("keeps all digits of its numbers", async () => {
    const odd = '{"family":"tasks","containerDefinitions":[],"big":9007199254740993,"fine":0.1234567890123456789}';
    const bodies: string[] = [];
    await awsServing(
      (_, body) => {
        bodies.push(body);
        return `{"taskDefinition":${odd}}`;
      },
      async () => {
        const aws = await connectToAws("eu-central-1");
        const { taskDefinition } = await aws.describeTaskDefinition({ taskDefinition: "tasks:1" });
        await aws.registerTaskDefinition({ family: "", containerDefinitions: [], ...taskDefinition });
      },
    );
    expect(bodies[1]).toBe(odd);
  });

  it("is an error when the answer is not JSON", async () => {
    await awsServing(
      () => "<html>proxy</html>",
      async () => {
        const { describeTaskDefinition } = await connectToAws("eu-central-1");
        await expect(describeTaskDefinition({ taskDefinition: "tasks:1" })).rejects.toThrow();
      },
    );
  });
});
