import { ownVariables } from "./emulated-account";
import { CONFIGURATIONS } from "./configurations";
import { PROVIDER_IN_WORDS, synthesizeEnvironment } from "./synthesized";
import { Terraform } from "./terraform";

/** Needs Terraform on PATH; `npm run test:terraform` runs it, `npm test` does not. */
describe(`terraform validate, with ${PROVIDER_IN_WORDS}`, () => {
  const terraform = new Terraform(ownVariables());

  it.each(Object.entries(CONFIGURATIONS))(
    "accepts every stack but the one that needs the Docker provider, of %s",
    async (_, context) => {
      const synthesized = await synthesizeEnvironment(context);
      try {
        const stacks = synthesized.stacks.filter(({ needsDocker }) => !needsDocker);
        expect(synthesized.stacks.length - stacks.length).toBe(1);
        for (const { directory } of stacks) {
          await terraform.init(directory, false);
          await terraform.validate(directory);
        }
      } finally {
        synthesized.remove();
      }
    },
    300_000,
  );
});
