import { createHash } from "node:crypto";
import {
  BatchGetImageCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  ListImagesCommand,
} from "@aws-sdk/client-ecr";
import { image, REPOSITORY_URL, START, TEMPLATE } from "./fake-cloud";
import { serve, type Served } from "./served";

let served: Served;
let client: ECRClient;

beforeEach(async () => {
  served = await serve();
  client = new ECRClient(served.client);
});

afterEach(async () => {
  client.destroy();
  await served.server.stop();
});

const repositoryName = "carts-api";

it("describes the repository and no other", async () => {
  const { repositories } = await client.send(new DescribeRepositoriesCommand({}));
  expect(repositories).toMatchObject([
    { repositoryName, repositoryUri: REPOSITORY_URL, registryId: TEMPLATE.accountId },
  ]);
  await expect(client.send(new DescribeRepositoriesCommand({ repositoryNames: ["other"] }))).rejects.toMatchObject({
    name: "RepositoryNotFoundException",
  });
});

describe("DescribeImages", () => {
  it("finds an image by tag and by digest", async () => {
    const describe = async (imageIds: { imageTag?: string; imageDigest?: string }[]) =>
      (await client.send(new DescribeImagesCommand({ repositoryName, imageIds }))).imageDetails;
    const byTag = await describe([{ imageTag: "latest" }]);
    expect(byTag).toMatchObject([
      {
        imageDigest: image(2, []).digest,
        imageTags: ["v2", "latest"],
        imagePushedAt: new Date(START + 120_000),
        imageSizeInBytes: 1_000_000,
      },
    ]);
    expect(await describe([{ imageDigest: image(2, []).digest }])).toEqual(byTag);
  });

  it("refuses an image that isn't there, or whose tag and digest disagree", async () => {
    const ids = [{ imageTag: "v9" }, { imageTag: "v1", imageDigest: image(2, []).digest }];
    for (const id of ids) {
      await expect(client.send(new DescribeImagesCommand({ repositoryName, imageIds: [id] }))).rejects.toMatchObject({
        name: "ImageNotFoundException",
      });
    }
  });

  it("lists all, newest first, in pages", async () => {
    const first = await client.send(new DescribeImagesCommand({ repositoryName, maxResults: 1 }));
    const { nextToken } = first;
    const second = await client.send(new DescribeImagesCommand({ repositoryName, maxResults: 1, nextToken }));
    expect([first, second].map(({ imageDetails }) => imageDetails?.[0]?.imageTags)).toEqual([["v2", "latest"], ["v1"]]);
    expect(second.nextToken).toBeUndefined();
  });
});

it("lists one id a tag, and filters untagged images", async () => {
  served.state.images = [image(1, []), image(2, ["v2", "latest"])];
  const list = async (tagStatus?: "TAGGED" | "UNTAGGED") =>
    (await client.send(new ListImagesCommand({ repositoryName, filter: { tagStatus } }))).imageIds?.map(
      ({ imageTag }) => imageTag,
    );
  expect(await list()).toEqual(["v2", "latest", undefined]);
  expect(await list("TAGGED")).toEqual(["v2", "latest"]);
  expect(await list("UNTAGGED")).toEqual([undefined]);
});

describe("BatchGetImage", () => {
  const get = (imageIds: { imageTag?: string; imageDigest?: string }[]) =>
    client.send(new BatchGetImageCommand({ repositoryName, imageIds }));

  it("gives an index that tells the platform, under the image's digest", async () => {
    served.state.images = [image(1, ["v1"], { platform: { os: "linux", architecture: "arm64" } })];
    const { images, failures } = await get([{ imageTag: "v1" }]);
    expect(failures).toEqual([]);
    expect(images?.[0]?.imageId).toEqual({ imageDigest: image(1, []).digest, imageTag: "v1" });
    expect(JSON.parse(images?.[0]?.imageManifest ?? "")).toMatchObject({
      schemaVersion: 2,
      mediaType: images?.[0]?.imageManifestMediaType,
      manifests: [{ platform: { os: "linux", architecture: "arm64" } }],
    });
  });

  it("gives the manifest that the index lists, with the digest of its text", async () => {
    const { images } = await get([{ imageTag: "v1" }]);
    const index = JSON.parse(images?.[0]?.imageManifest ?? "") as { manifests: { digest: string }[] };
    const digest = index.manifests[0]?.digest;
    const manifest = (await get([{ imageDigest: digest }])).images?.[0];
    expect(
      createHash("sha256")
        .update(manifest?.imageManifest ?? "")
        .digest("hex"),
    ).toBe(digest?.slice(7));
  });

  it("lists what it can't give", async () => {
    const { images, failures } = await get([{ imageTag: "v9" }, { imageDigest: "sha256:short" }, {}]);
    expect(images).toEqual([]);
    expect(failures?.map(({ failureCode }) => failureCode)).toEqual([
      "ImageNotFound",
      "InvalidImageDigest",
      "MissingDigestAndTag",
    ]);
  });
});

it("gives a token that lasts twelve hours, for the registry of the repository", async () => {
  const { authorizationData } = await client.send(new GetAuthorizationTokenCommand({}));
  expect(authorizationData).toHaveLength(1);
  const [{ authorizationToken = "", expiresAt, proxyEndpoint } = {}] = authorizationData ?? [];
  expect(Buffer.from(authorizationToken, "base64").toString()).toMatch(/^AWS:.+/);
  expect(expiresAt).toEqual(new Date(START + 12 * 3_600_000));
  expect(proxyEndpoint).toBe(`https://${REPOSITORY_URL.replace("/carts-api", "")}`);
});
