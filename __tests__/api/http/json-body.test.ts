import { randomBytes } from "node:crypto";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import type { EmbeddedDatabase } from "../../../api/src/dev/embedded-database";
import { startDatabase, startTestService, type TestService } from "../support/running-service";
import { responses, Wire } from "../support/wire";

const ID = "00000000-0000-4000-8000-000000000000";
const TASK = '{"title":"Gie\u00dfen \ud83c\udf31"}';

let database: EmbeddedDatabase;
let service: TestService;

beforeAll(async () => {
  database = await startDatabase();
  service = await startTestService(database);
});

afterAll(async () => {
  await service.stop();
  await database.close();
});

const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
  service.request("POST", "/tasks", { headers: { "content-type": "application/json", ...headers }, text: body });

describe("the type of a body", () => {
  it.each(["application/json", "application/json; charset=utf-8", 'Application/JSON;Charset="UTF-8"'])(
    "may be %s",
    async (type) => {
      const { status, body } = await post(TASK, { "content-type": type });
      expect({ status, title: body["title"] }).toEqual({ status: 201, title: "Gießen 🌱" });
    },
  );

  it.each(["text/plain", "application/json; charset=iso-8859-1", "application/json; charset=utf-16le"])(
    "is refused as %s, saying what is taken",
    async (type) => {
      const posted = await post(Buffer.from('{"title":"caf\u00e9"}', "latin1"), { "content-type": type });
      expect(posted.status).toBe(415);
      expect(posted.body["detail"]).toBe("Send the body as application/json, in UTF-8.");
      expect([posted.headers.get("accept-post"), posted.headers.get("accept-patch")]).toEqual([
        "application/json",
        null,
      ]);
      const headers = { "content-type": type, "if-match": '"1"' };
      const patched = await service.request("PATCH", `/tasks/${ID}`, { headers, text: "{}" });
      expect(patched.status).toBe(415);
      expect([patched.headers.get("accept-post"), patched.headers.get("accept-patch")]).toEqual([
        null,
        "application/json",
      ]);
    },
  );
});

describe("the coding of a body", () => {
  it.each([
    ["gzip", gzipSync],
    ["GZIP", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
    ["identity", (bytes: Buffer) => bytes],
  ])("may be %s", async (coding, pack) => {
    const { status, body } = await post(pack(Buffer.from(TASK)), { "content-encoding": coding });
    expect({ status, title: body["title"] }).toEqual({ status: 201, title: "Gießen 🌱" });
  });

  it.each(["zip", "gzip, br"])("is refused as %s, saying what is taken", async (coding) => {
    const { status, headers, body } = await post(TASK, { "content-encoding": coding });
    expect({ status, accepted: headers.get("accept-encoding") }).toEqual({
      status: 415,
      accepted: "gzip, deflate, br",
    });
    expect(body["detail"]).toBe("Send the body without Content-Encoding, or as gzip, deflate or br.");
  });

  it.each([
    ["is none", Buffer.from(TASK)],
    ["is cut off", gzipSync(TASK).subarray(0, 15)],
  ])("is answered with 400 when it %s", async (_what, body) => {
    expect((await post(body, { "content-encoding": "gzip" })).status).toBe(400);
  });
});

describe("the text of a body", () => {
  it.each(["{", "[]", '[{"title":"a"}]', "null", '"title"', "7", " "])(
    "is refused as %p: it is no object",
    async (text) => {
      const { status, body } = await post(text);
      expect(status).toBe(400);
      expect(body["errors"]).toEqual([{ field: "body", message: "must be a JSON object" }]);
    },
  );

  it("is refused when it is no UTF-8, and not stored with other characters in place", async () => {
    const { status, body } = await post(Buffer.from('{"title":"caf\u00e9"}', "latin1"));
    expect(status).toBe(400);
    expect(body["errors"]).toEqual([{ field: "body", message: "must be UTF-8" }]);
  });

  it("may begin with a byte order mark", async () => {
    expect((await post(`\ufeff${TASK}`)).status).toBe(201);
  });
});

describe("a body that is too large", () => {
  it.each([
    ["by its length", (body: Buffer) => post(body)],
    ["as it turns out", (body: Buffer) => post(gzipSync(body), { "content-encoding": "gzip" })],
  ])("is answered with 413 %s", async (_what, send) => {
    const { status, body } = await send(Buffer.alloc(65_537, "a"));
    expect(status).toBe(413);
    expect(body["detail"]).toBe("The body may have at most 65536 bytes.");
  });

  it.each([
    ["", Buffer.alloc(16_000_000, "a")],
    // It packs to no less.
    ["Content-Encoding: gzip\r\n", gzipSync(randomBytes(16_000_000), { level: 0 })],
  ])("is answered also when the client first sends all of it: %p", async (header, body) => {
    const wire = await Wire.open(service.running.port);
    wire.send(`POST /tasks HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${header}`);
    // Its length would give it away. And it is more than what the buffers of two sockets hold.
    wire.send(`Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n`);
    wire.socket.write(body);
    wire.send("\r\n0\r\n\r\nGET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    const received = await wire.untilEnd();
    expect(received).toMatch(/^HTTP\/1\.1 413 /);
    expect(received).toMatch(/HTTP\/1\.1 200 /);
    expect(responses(received)).toBe(2);
  });
});
