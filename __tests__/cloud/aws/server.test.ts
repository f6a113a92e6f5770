import { createServer, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { AwsServer } from "../../../scripts/cloud/aws/server";
import { SteppedClock } from "../../../scripts/cloud/clock";
import { FakeState, fakeParts, TEMPLATE } from "./fake-cloud";
import { serve, type Served } from "./served";

const post = (endpoint: string, target: string, body = "{}") =>
  fetch(endpoint, {
    method: "POST",
    headers: { "x-amz-target": target, "content-type": "application/x-amz-json-1.1" },
    body,
  });

describe("the AWS endpoint", () => {
  let served: Served;

  beforeEach(async () => {
    served = await serve();
  });

  afterEach(() => served.server.stop());

  it("gives every answer an id of its own", async () => {
    const ids = await Promise.all(
      ["CodeDeploy_20141006.ListApplications", "CodeDeploy_20141006.Nonsense", "Other.Thing"].map(async (target) =>
        (await post(served.server.endpoint, target)).headers.get("x-amzn-requestid"),
      ),
    );
    expect(new Set(ids).size).toBe(3);
    expect(ids.every((id) => id !== null && id.length > 0)).toBe(true);
  });

  it("names the operation it doesn't serve, and those it does", async () => {
    const response = await post(served.server.endpoint, "CodeDeploy_20141006.CreateApplication");
    expect(response.status).toBe(400);
    const answer = (await response.json()) as { __type: string; message: string };
    expect(answer.__type).toBe("UnknownOperationException");
    expect(answer.message).toContain("The local cloud does not serve the operation CreateApplication of CodeDeploy.");
    expect(answer.message).toContain("CreateDeployment");
  });

  it.each(["AmazonSQS.SendMessage", "DynamoDB_20120810.GetItem"])(
    "names the service it doesn't serve: %s",
    async (target) => {
      const [service = ""] = target.split(".");
      const response = await post(served.server.endpoint, target);
      expect(response.status).toBe(400);
      expect(await response.text()).toContain(`does not serve the service ${service}`);
    },
  );

  it("answers a request that is none of AWS's with an error, too", async () => {
    const response = await fetch(`${served.server.endpoint}/favicon.ico`);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("<Code>InvalidAction</Code>");
  });

  it("refuses a body that is too large, in the protocol of the request", async () => {
    const body = JSON.stringify({ deploymentId: "d".repeat(1024 * 1024) });
    const response = await post(served.server.endpoint, "CodeDeploy_20141006.GetDeployment", body);
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ __type: "RequestEntityTooLargeException" });
  });

  it("tells which operation failed when a part of the cloud breaks", async () => {
    Object.defineProperty(served.state, "deployments", {
      get: () => {
        throw new Error("out of order");
      },
    });
    const response = await post(served.server.endpoint, "CodeDeploy_20141006.ListDeployments");
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      __type: "InternalFailure",
      message: "The local cloud failed in CodeDeploy ListDeployments: out of order",
    });
  });

  it("goes on after a client has hung up in the middle of a request", async () => {
    const { port } = new URL(served.server.endpoint);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), "127.0.0.1", () => {
        socket.write("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf", () => socket.destroy());
      });
      socket.on("close", () => resolve());
    });
    const response = await post(served.server.endpoint, "CodeDeploy_20141006.ListApplications");
    expect(response.status).toBe(200);
  });
});

describe("starting and stopping", () => {
  const server = () =>
    new AwsServer({ template: TEMPLATE, clock: new SteppedClock(), parts: fakeParts(new FakeState()) });

  it("listens on loopback only, on a free port", async () => {
    const one = server();
    const other = server();
    await Promise.all([one.start(), other.start()]);
    expect(one.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(other.endpoint).not.toBe(one.endpoint);
    await Promise.all([one.stop(), other.stop()]);
  });

  it("says so when the port is taken", async () => {
    const one = server();
    await one.start();
    const port = Number(new URL(one.endpoint).port);
    await expect(server().start(port)).rejects.toMatchObject({ code: "EADDRINUSE" });
    await one.stop();
    const next = server();
    await next.start(port);
    await next.stop();
  });

  it("stops in spite of an open connection", async () => {
    const one = server();
    await one.start();
    const socket = connect(Number(new URL(one.endpoint).port), "127.0.0.1");
    await new Promise((resolve) => socket.once("connect", resolve));
    const closed = new Promise((resolve) => socket.once("close", resolve));
    await Promise.all([one.stop(), closed]);
  });

  it("does nothing when stopped without having been started", async () => {
    const one = server();
    await expect(one.stop()).resolves.toBeUndefined();
    expect(() => one.endpoint).toThrow("call start() first");
  });
});

describe("DynamoDB", () => {
  let database: Server;
  let served: Served;

  beforeEach(async () => {
    database = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        if (body === "hang up") response.destroy();
        else {
          response.writeHead(400, { "content-type": "application/x-amz-json-1.0", "x-amz-crc32": "1" });
          response.end(JSON.stringify({ target: request.headers["x-amz-target"], body }));
        }
      });
    });
    await new Promise<void>((resolve) => database.listen(0, "127.0.0.1", resolve));
    served = await serve({ dynamoEndpoint: `http://127.0.0.1:${(database.address() as AddressInfo).port}` });
  });

  afterEach(async () => {
    await served.server.stop();
    database.close();
    database.closeAllConnections();
  });

  it("is passed on to the embedded database, body, status and headers", async () => {
    const target = "DynamoDB_20120810.GetItem";
    // Larger than what the cloud's own operations take: DynamoDB has a limit of its own.
    const body = "x".repeat(2 * 1024 * 1024);
    const response = await post(served.server.endpoint, target, body);
    expect(response.status).toBe(400);
    expect(response.headers.get("x-amz-crc32")).toBe("1");
    expect(response.headers.get("x-amzn-requestid")).toBeTruthy();
    expect(await response.json()).toEqual({ target, body });
  });

  it("breaks off when the database does, and goes on serving", async () => {
    await expect(post(served.server.endpoint, "DynamoDB_20120810.GetItem", "hang up")).rejects.toThrow();
    const response = await post(served.server.endpoint, "DynamoDB_20120810.GetItem");
    expect(response.status).toBe(400);
  });
});
