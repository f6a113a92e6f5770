import { readFileSync } from "node:fs";
import path from "node:path";

interface LockedPackage {
  readonly version: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly engines?: Readonly<Record<string, string>>;
}

interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

const root = path.join(__dirname, "../..");
const read = (file: string): unknown => JSON.parse(readFileSync(path.join(root, file), "utf8"));

const manifest = read("api/package.json") as LockedPackage;
const lock = read("api/package-lock.json") as Lock;
const rootLock = read("package-lock.json") as Lock;
const installed = Object.entries(lock.packages).filter(([name]) => name !== "");

describe("the lockfile of the API, from which its image is built", () => {
  it("agrees with its package.json", () => {
    const { version, dependencies, devDependencies, engines } = lock.packages[""] ?? {};
    expect({ version, dependencies, devDependencies, engines }).toEqual({
      version: manifest.version,
      dependencies: manifest.dependencies,
      devDependencies: manifest.devDependencies,
      engines: manifest.engines,
    });
  });

  it.each(Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }))(
    "has %s in version %s, like the root's",
    (name, version) => {
      const key = `node_modules/${name}`;
      expect(lock.packages[key]?.version).toBe(version);
      expect((rootLock.packages[`api/${key}`] ?? rootLock.packages[key])?.version).toBe(version);
    },
  );

  it("has the root's versions, so that the image contains what the tests used", () => {
    const versions = (from: Lock) =>
      installed.map(
        ([name]) => `${name} ${(from.packages[`api/${name}`] ?? from.packages[name])?.version ?? "absent"}`,
      );
    expect(versions(lock)).toEqual(versions(rootLock));
  });

  it("names no registry, and has a checksum for every package", () => {
    expect(installed.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
    expect(installed.filter(([, { integrity }]) => integrity === undefined)).toEqual([]);
  });
});
