import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { loadConfig } from "../../stacks/config";
import { namesOf } from "../../stacks/names";
import { CONFIGURATIONS } from "./configurations";
import { changesBut, EMULATOR_DRIFT } from "./drift";
import { REGION, startEmulatedAccount, type EmulatedAccount } from "./emulated-account";
import { applyStacks } from "./stand-in";
import { PROVIDER_IN_WORDS, synthesizeEnvironment, type Synthesized } from "./synthesized";
import { Terraform } from "./terraform";

/** Needs Terraform and moto_server on PATH; `npm run test:terraform` runs it, `npm test` does not. */

const CONTEXT = CONFIGURATIONS["a service without a table"] ?? {};
/** Milliseconds after which a step has hung: a load balancer alone takes a minute, and a busy machine several times as long. */
const HUNG = 8 * 60_000;

let account: EmulatedAccount;
let s3: S3Client;
let terraform: Terraform;
let synthesized: Synthesized;

beforeAll(async () => {
  account = await startEmulatedAccount();
  s3 = new S3Client({ ...account.client, forcePathStyle: true });
  terraform = new Terraform(account.variables);
  synthesized = await synthesizeEnvironment(CONTEXT);
  const { stateBucket } = namesOf(loadConfig({ environment: "staging", context: CONTEXT }));
  await s3.send(
    new CreateBucketCommand({ Bucket: stateBucket, CreateBucketConfiguration: { LocationConstraint: REGION } }),
  );
}, HUNG);

afterAll(async () => {
  s3.destroy();
  synthesized.remove();
  await account.stop();
});

describe(`a service without a table, with egress to a database, with ${PROVIDER_IN_WORDS}`, () => {
  it(
    "is applied, has an empty plan after that, and is destroyed",
    async () => {
      const stacks = synthesized.stacks.filter(({ needsDocker }) => !needsDocker);
      const applied: string[] = [];
      await applyStacks(synthesized, terraform, s3, async ({ directory }) => {
        const addresses = await terraform.addresses(directory);
        expect(addresses).not.toEqual([]);
        applied.push(...addresses);
      });
      expect(applied.filter((address) => address.includes("dynamodb"))).toEqual([]);
      expect(applied).toContainEqual(expect.stringMatching(/^aws_vpc_security_group_egress_rule\..*tcp-5432/));
      for (const { directory } of stacks) {
        expect(changesBut(EMULATOR_DRIFT, await terraform.plan(directory))).toEqual([]);
      }
      for (const { directory } of stacks.toReversed()) {
        await terraform.destroy(directory);
        expect(await terraform.addresses(directory)).toEqual([]);
      }
    },
    HUNG,
  );
});
