import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contentHash } from "../../stacks/constructs/content-hash";
import { like, synthesize } from "./synthesize";

describe("the registry", () => {
  const { registry } = synthesize().stacks;
  const image = registry.only("docker_image");
  const pushed = registry.only("docker_registry_image");

  it("has a repository whose tags can't be moved and whose images are scanned and encrypted", () => {
    expect(registry.only("aws_ecr_repository")).toMatchObject({
      name: "carts-api",
      image_tag_mutability: "IMMUTABLE",
      image_scanning_configuration: { scan_on_push: true },
      encryption_configuration: [{ encryption_type: "AES256" }],
    });
  });

  it.each([
    [{}, 100],
    [{ registry: { keepImages: 500 } }, 500],
  ])("keeps the newest images by number, tagged or not and however old, with %j", (settings, countNumber) => {
    const { policy } = synthesize(settings).stacks.registry.only("aws_ecr_lifecycle_policy");
    const { rules } = JSON.parse(String(policy)) as { rules: unknown[] };
    expect(rules).toMatchObject([
      { selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber }, action: { type: "expire" } },
    ]);
  });

  it("can't be destroyed with images in it", () => {
    expect(registry.only("aws_ecr_repository")["force_delete"]).toBe(false);
  });

  it("has the repository that the environment names", () => {
    const other = synthesize({ registry: { repository: "carts-api-staging" } }).stacks.registry;
    expect(other.only("aws_ecr_repository")["name"]).toBe("carts-api-staging");
  });

  it("logs Docker in only at the registry's host", () => {
    expect(registry.json.provider["docker"]).toEqual([
      {
        registry_auth: [
          {
            address: like(/^\$\{data\.aws_caller_identity\..*\}\.dkr\.ecr\.eu-central-1\.\$\{.*\}$/),
            username: like(/aws_ecr_authorization_token/),
            password: like(/aws_ecr_authorization_token/),
          },
        ],
      },
    ]);
  });

  it("builds the first image from the service's folder, tagged by its contents", () => {
    expect(image["name"]).toMatch(/^\$\{aws_ecr_repository\..*\.repository_url\}:[0-9a-f]{16}$/);
    const hash = String(image["name"]).split(":").at(-1);
    expect(image).toMatchObject({
      build: { context: "../../../api", platform: "linux/amd64", build_args: { RELEASE_VERSION: hash } },
      triggers: { content: hash },
    });
  });

  it.each([
    ["X86_64", "linux/amd64"],
    ["ARM64", "linux/arm64"],
  ])("builds for %s", (architecture, platform) => {
    const template = synthesize({ service: { architecture } }).stacks.registry;
    expect(template.only("docker_image")).toMatchObject({ platform, build: { platform } });
  });

  it("keeps pushed images, which a rollback may need", () => {
    expect(pushed["keep_remotely"]).toBe(true);
  });

  it("leaves later images to releases", () => {
    expect(image["lifecycle"]).toEqual({ ignore_changes: ["name", "triggers", "build", "platform"] });
    expect(pushed["lifecycle"]).toEqual({ ignore_changes: ["name", "triggers"] });
  });
});

describe("the hash of a folder", () => {
  let folder: string;
  const write = (name: string, text: string) => {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "hash-"));
    write("src/a.ts", "a");
    write("src/b.ts", "b");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("stays as long as nothing changes", () => {
    const before = contentHash(folder);
    write("src/a.ts", "a");
    expect(contentHash(folder)).toBe(before);
  });

  it.each([
    ["a changed file", "src/a.ts", "A"],
    ["a new file", "src/c.ts", ""],
    ["a hidden file", ".dockerignore", "dist"],
  ])("changes with %s", (_, name, text) => {
    const before = contentHash(folder);
    write(name, text);
    expect(contentHash(folder)).not.toBe(before);
  });

  it("depends on the boundaries between files", () => {
    const before = contentHash(folder);
    write("src/a.ts", "ab");
    write("src/b.ts", "");
    expect(contentHash(folder)).not.toBe(before);
  });

  it.each(["node_modules/x/index.js", "dist/server.js"])("ignores %s", (name) => {
    const before = contentHash(folder);
    write(name, "made");
    expect(contentHash(folder)).toBe(before);
  });
});
