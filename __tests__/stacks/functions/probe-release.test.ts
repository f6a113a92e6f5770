import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { answerHook } from "../../../stacks/functions/probe-release/answer-hook";
import { asking, type ProbeResponse, type ProbeRequest } from "../../../stacks/functions/probe-release/http";
import { probeRelease } from "../../../stacks/functions/probe-release/probes";

type Say = (ask: ProbeRequest) => Partial<ProbeResponse> & { version?: string | undefined };

/** A service with correct responses, except those of `say`. */
function service(say: (ask: ProbeRequest) => ReturnType<Say> | undefined = () => undefined) {
  const asked: string[] = [];
  let title: unknown;
  const right = ({ method, body }: ProbeRequest): ReturnType<Say> => {
    if (method === "POST") {
      title = (body as { title: string }).title;
      return { status: 201, json: { id: "7", title } };
    }
    return method === "DELETE" ? { status: 204 } : { status: 200, json: { id: "7", title } };
  };
  const ask = (request: ProbeRequest): Promise<ProbeResponse> => {
    asked.push(`${request.method} ${request.path}`);
    const wrong = say(request);
    const { status, json } = { ...right(request), ...wrong };
    const version = wrong && "version" in wrong ? wrong.version : "2";
    return Promise.resolve({
      status: status ?? 200,
      json,
      headers: new Headers(version === undefined ? {} : { "x-release-version": version }),
    });
  };
  return { ask, asked };
}

const probing = ({ ask }: ReturnType<typeof service>, log: (line: string) => void = () => undefined) =>
  probeRelease({ ask, healthPath: "/health", title: "a probe", log });

describe("the probe of a new version", () => {
  it("checks health, and creates, reads and deletes a task", async () => {
    const right = service();
    await probing(right);
    expect(right.asked).toEqual(["GET /health", "POST /tasks", "GET /tasks/7", "DELETE /tasks/7"]);
  });

  it.each<[string, string, ReturnType<Say>]>([
    ["health: GET /health answered 503, not 200", "GET /health", { status: 503 }],
    ["create a task: POST /tasks answered 500, not 201", "POST /tasks", { status: 500 }],
    ["create a task: the answer has no id", "POST /tasks", { json: {} }],
    ["read the task: GET /tasks/7 answered 404, not 200", "GET /tasks/7", { status: 404 }],
    ["read the task: not the title", "GET /tasks/7", { json: { id: "7", title: "another" } }],
    ["delete the task: DELETE /tasks/7 answered 500, not 204", "DELETE /tasks/7", { status: 500 }],
    ["health: GET /health answered without x-release-version", "GET /health", { version: undefined }],
    ["more than one version answers: 2, 1", "POST /tasks", { version: "1" }],
  ])("fails by name: %s", async (message, request, wrong) => {
    const broken = service(({ method, path }) => (`${method} ${path}` === request ? wrong : undefined));
    await expect(probing(broken)).rejects.toThrow(message);
  });

  it("deletes its task also when reading it failed", async () => {
    const broken = service(({ method, path }) =>
      method === "GET" && path === "/tasks/7" ? { status: 500 } : undefined,
    );
    await expect(probing(broken)).rejects.toThrow("read the task");
    expect(broken.asked.at(-1)).toBe("DELETE /tasks/7");
  });
});

describe("the answer to the hook", () => {
  const event = { DeploymentId: "d-ABC", LifecycleEventHookExecutionId: "x1" };
  const answering = async (probe: () => Promise<void>) => {
    const reports: unknown[] = [];
    const lines: string[] = [];
    const report = (of: unknown, status: string) => Promise.resolve(void reports.push([of, status]));
    await answerHook(event, { probe, report, log: (line) => lines.push(line) });
    return { reports, lines };
  };

  it("is Succeeded when every probe passed", async () => {
    expect((await answering(() => Promise.resolve())).reports).toEqual([[event, "Succeeded"]]);
  });

  it.each<[string, () => Promise<void>]>([
    ["fails", () => Promise.reject(new Error("health: no"))],
    [
      "throws",
      () => {
        throw new Error("health: no");
      },
    ],
  ])("is Failed when the probe %s, and the log has the reason", async (_, probe) => {
    const { reports, lines } = await answering(probe);
    expect(reports).toEqual([[event, "Failed"]]);
    expect(lines).toEqual(["d-ABC: stopped before any traffic: health: no"]);
  });
});

describe("asking the service", () => {
  let server: Server;
  let statuses: number[] = [];
  const asked: unknown[] = [];
  let baseUrl = "";
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url);
      const status = statuses.shift();
      if (status === undefined) response.destroy();
      else response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ status }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  const asks = (path: string, answers: number[], deadline = new AbortController().signal) => {
    statuses = answers;
    const ask = asking({ baseUrl, deadline, log: () => undefined, delay: () => Promise.resolve() });
    return ask({ method: "GET", path });
  };
  const health = (answers: number[], deadline?: AbortSignal) => asks("/health", answers, deadline);

  it("never sends to another host, for any path", async () => {
    expect((await asks("//example.com/health", [200])).status).toBe(200);
    expect(asked.at(-1)).toBe("//example.com/health");
  });

  it("retries when the load balancer itself responds, or nobody does", async () => {
    expect((await health([502, 503, 200])).json).toEqual({ status: 200 });
  });

  it("returns the third response unchanged", async () => {
    expect((await health([504, 504, 503, 200])).status).toBe(503);
  });

  it("never retries a response of the service", async () => {
    expect((await health([500, 200])).status).toBe(500);
  });

  it("fails without a response, and names the request", async () => {
    await expect(health([])).rejects.toThrow("GET /health: no answer");
  });

  it("does not retry after its deadline", async () => {
    await expect(health([503, 200], AbortSignal.abort(new Error("out of time")))).rejects.toThrow("out of time");
    expect(statuses).toEqual([503, 200]);
  });
});
