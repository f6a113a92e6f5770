import type { EmbeddedDatabase } from "../../api/src/dev/embedded-database";
import { startDatabase } from "./support/running-service";
import { Wire } from "./support/wire";

const HEAD =
  "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/x-amz-json-1.0\r\n" +
  "X-Amz-Target: DynamoDB_20120810.GetItem\r\nX-Amz-Date: 20200101T000000Z\r\n" +
  "Authorization: AWS4-HMAC-SHA256 Credential=a/b/c/dynamodb/aws4_request, SignedHeaders=host, Signature=none\r\n";

let database: EmbeddedDatabase;

beforeAll(async () => {
  database = await startDatabase();
});

afterAll(() => database.close());

afterEach(() => Wire.closeAll());

const wire = () => Wire.open(Number(new URL(database.endpoint).port));

async function ask(body: string): Promise<string> {
  return (await wire()).send(`${HEAD}Content-Length: ${body.length}\r\n\r\n${body}`).untilEnd();
}

describe("the embedded database continues", () => {
  it.each(["end", "resetAndDestroy"] as const)("after a request that breaks off in its body: %s", async (how) => {
    const broken = await wire();
    await broken.send(`${HEAD}Content-Length: 100\r\n\r\n{`).untilSent();
    broken.socket[how]();
    expect(await ask('{"TableName":"nope","Key":{"id":{"S":"a"}}}')).toContain("ResourceNotFoundException");
  });

  it.each(["null", "[]", '{"TableName":"nope","Key":{"id":{"L":[null]}}}', "{", ""])(
    "after an input that it cannot read: %s",
    async (body) => {
      expect(await ask(body)).toMatch(/^HTTP\/1\.1 400 [^]*Exception/);
    },
  );

  it("after a body that is too large", async () => {
    const answer = await (await wire()).send(`${HEAD}Content-Length: 99999999\r\n\r\n`).untilEnd();
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });
});
