import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attributesOf } from "../plan/provider-schema";
import { ownVariables } from "./emulated-account";
import { PROVIDER_IN_WORDS } from "./synthesized";
import { Terraform } from "./terraform";

const LIST = join(__dirname, "..", "plan", "provider-attributes.json");
/** Set, the list is written anew: after an upgrade of the provider, whose new attributes then want a rule. */
const { UPDATE_ATTRIBUTES: update } = process.env;

interface Schemas {
  readonly provider_schemas: Readonly<
    Record<string, { readonly resource_schemas: Readonly<Record<string, { readonly block: object }>> }>
  >;
}

/** Needs Terraform on PATH; `npm run test:terraform` runs it, `npm test` does not. */
describe(`the list of the provider's attributes, with ${PROVIDER_IN_WORDS}`, () => {
  it("is what the provider's schema says", async () => {
    const folder = mkdtempSync(join(tmpdir(), "provider-schema-"));
    try {
      const listed = JSON.parse(readFileSync(LIST, "utf8")) as {
        readonly provider: string;
        readonly attributes: Readonly<Record<string, string>>;
      };
      const [source = "", version = ""] = listed.provider.split(" ");
      const required = { terraform: { required_providers: { aws: { source, version } } } };
      writeFileSync(join(folder, "main.tf.json"), JSON.stringify(required));
      const terraform = new Terraform(ownVariables());
      await terraform.init(folder, false);
      const schemas = JSON.parse(await terraform.providerSchemas(folder)) as Schemas;
      const [schema] = Object.values(schemas.provider_schemas);
      const types = Object.keys(listed.attributes);
      const attributes = Object.fromEntries(
        types.map((type) => [type, attributesOf(type, schema?.resource_schemas[type]?.block ?? {}).join(" ")]),
      );
      if (update !== undefined) writeFileSync(LIST, `${JSON.stringify({ ...listed, attributes }, null, 2)}\n`);
      expect(JSON.parse(readFileSync(LIST, "utf8"))).toEqual({ ...listed, attributes });
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 300_000);
});
