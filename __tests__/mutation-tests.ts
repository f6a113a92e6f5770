import path from "node:path";

// All tests of a subject of mutation.ts in one file. For each mutant, Stryker runs every test file, and each one loads all modules again.

for (const name of (process.env["MUTATION_TESTS"] ?? "").split(" ")) {
  describe(name, () => {
    jest.requireActual(path.join(__dirname, name));
  });
}
