import { AwsError } from "../../../scripts/cloud/aws-error";
import { SteppedClock } from "../../../scripts/cloud/clock";
import { type ImagePush, Images } from "../../../scripts/cloud/tasks/images";

const REPOSITORY = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/carts-api";

function push(change: Partial<ImagePush> = {}): ImagePush {
  return {
    repository: REPOSITORY,
    tags: ["v1"],
    command: ["node", "server.js"],
    environment: { A: "1", B: "2" },
    platform: { os: "linux", architecture: "amd64" },
    contentHash: "abc",
    ...change,
  };
}

describe("Images", () => {
  it("finds an image by tag and by digest", () => {
    const clock = new SteppedClock();
    const images = new Images(clock);
    const image = images.push(push());
    expect(image.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(image.pushedAt).toBe(clock.now());
    expect(images.find(`${REPOSITORY}:v1`)).toEqual(image);
    expect(images.find(`${REPOSITORY}@${image.digest}`)).toEqual(image);
    expect(images.find(`${REPOSITORY}:v2`)).toBeUndefined();
    expect(images.find("elsewhere/carts-api:v1")).toBeUndefined();
  });

  it("makes the digest from the content alone", () => {
    const digest = (change: Partial<ImagePush>) => new Images(new SteppedClock()).push(push(change)).digest;
    const usual = digest({});
    expect(digest({ tags: ["other"], environment: { B: "2", A: "1" } })).toBe(usual);
    expect(digest({ contentHash: "abd" })).not.toBe(usual);
    expect(digest({ command: ["node", "other.js"] })).not.toBe(usual);
    expect(digest({ environment: { A: "2", B: "2" } })).not.toBe(usual);
    expect(digest({ platform: { os: "linux", architecture: "arm64" } })).not.toBe(usual);
  });

  it("adds a further tag to an image that is already there", () => {
    const images = new Images(new SteppedClock());
    images.push(push());
    images.push(push({ tags: ["v2"] }));
    expect(images.all().map(({ tags }) => tags)).toEqual([["v1", "v2"]]);
  });

  it("never moves a tag", () => {
    const images = new Images(new SteppedClock());
    images.push(push());
    for (const contentHash of ["abc", "other"]) {
      const again = () => images.push(push({ contentHash }));
      expect(again).toThrow(AwsError);
      expect(again).toThrow("The image tag 'v1' already exists in the 'carts-api' repository");
    }
    expect(images.all()).toHaveLength(1);
  });
});
