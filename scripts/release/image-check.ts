import type { Config } from "../../stacks/config";
import type { AwsPort } from "./aws-port";
import type { Revision } from "./family";
import { digestOf, ImageError, isFullReference, parseImage, platformFor, platformsOf } from "./image";
import type { Problems } from "./problem";
import { isEcr, repositoryOfImage, type EcrRepository } from "./repository";
import type { Owner, ReleaseTarget, StackNames } from "./target";

/** Facts about the image and its repository. */
export interface ImageFacts {
  /** Where the image is, or will be pushed; absent for an image that can't be checked. */
  readonly repository?: EcrRepository;
  /** The image of `--image`, by digest where its repository can be read, else as given; absent when it will be built. */
  readonly image?: string;
  /** Platforms of the image, e.g. `linux/arm64`; absent when not known. */
  readonly platforms?: readonly string[];
  readonly warnings: readonly string[];
}

/** What is checked, and for whom. */
export interface ImageInput {
  /** `--image`; absent when the image will be built. */
  readonly image: string | undefined;
  /** Whether the configuration names the folder to build (deps.ts). */
  readonly isSourceGiven: boolean;
  readonly owner: Owner;
  /** Account of the credentials. */
  readonly account: string | undefined;
}

/** Checks an image for a service of our stacks, whose repository has a known name. */
export async function checkImageOfStacks(
  aws: AwsPort,
  { repository: name }: StackNames,
  input: ImageInput,
  problems: Problems,
): Promise<ImageFacts | undefined> {
  const repository = await describeRepository(aws, name, input, problems);
  return repository && checkImage(aws, repository, input, problems);
}

/**
 * Checks an image for a service that another tool made: its repository is the one of the live container.
 *
 * @param live image of the live container
 * @param where the live container, for messages
 */
export async function checkImageOfService(
  aws: AwsPort,
  live: { readonly image: string; readonly where: string },
  input: ImageInput,
  problems: Problems,
): Promise<ImageFacts | undefined> {
  const { image, account, isSourceGiven } = input;
  if (image === undefined && !isSourceGiven) {
    problems.add({
      what: "there is no image to release: --image names none, and service.source doesn't say which folder to build",
      where: "service.source in cdktf.json",
      next: "name an image with --image, or set service.source to the folder of this service's Dockerfile",
    });
    return undefined;
  }
  const caller = { account, region: aws.region };
  const current = repositoryOfImage(live.image, caller);
  if (isEcr(current)) return checkImage(aws, await existing(aws, current, input, problems), input, problems);

  const example = `${current.url}@sha256:…`;
  if (image === undefined) {
    problems.add({
      what: `the image can't be built: the service runs ${live.image}, which is ${current.why}, so this release can't push there`,
      where: live.where,
      next: `push the image yourself, then name it in full: --image ${example}`,
    });
    return undefined;
  }
  if (!isFullReference(image)) {
    problems.add({
      what: `--image ${image} names no repository, and the service's (${current.url}) is ${current.why}`,
      where: live.where,
      next: `name the image in full, with its registry and best with its digest: --image ${example}`,
    });
    return undefined;
  }
  const asked = repositoryOfImage(image, caller);
  if (isEcr(asked)) return checkImage(aws, await existing(aws, asked, input, problems), input, problems);
  const isPinned = image.includes("@");
  return {
    image,
    warnings: [
      `not checked that ${image} exists, and for which platform: it is ${asked.why}`,
      ...(isPinned
        ? []
        : [`${image} is named by a tag: what the tasks run depends on where the tag points when they start`]),
    ],
  };
}

/** The repository; undefined after a problem. In another account's registry, only its images can be read. */
async function existing(aws: AwsPort, repository: EcrRepository, input: ImageInput, problems: Problems) {
  if (repository.registryId !== undefined) return repository;
  const found = await describeRepository(aws, repository.name, input, problems);
  return found && repository;
}

async function describeRepository(
  aws: AwsPort,
  name: string,
  { owner }: ImageInput,
  problems: Problems,
): Promise<EcrRepository | undefined> {
  const answer = await problems.ask("ecr:DescribeRepositories", aws.describeRepositories({ repositoryNames: [name] }), {
    RepositoryNotFoundException: {
      what: `there is no repository ${name}`,
      where: `ECR, region ${aws.region}`,
      next: owner.create("registry"),
    },
  });
  if (!answer) return undefined;
  const url = answer.repositories?.[0]?.repositoryUri;
  if (url !== undefined) return { name, url };
  problems.add({
    what: `ECR answered without the repository ${name}`,
    where: "ecr:DescribeRepositories",
    next: "check AWS_ENDPOINT_URL and any proxy, then try again",
  });
  return undefined;
}

async function checkImage(
  aws: AwsPort,
  repository: EcrRepository | undefined,
  { image }: ImageInput,
  problems: Problems,
): Promise<ImageFacts | undefined> {
  if (repository === undefined) return undefined;
  if (image === undefined) return { repository, warnings: [] };
  try {
    const id = parseImage(image, repository.url);
    const digest = await problems.ask(
      repository.registryId === undefined ? "ecr:DescribeImages" : "ecr:BatchGetImage",
      digestOf(aws, repository, id).then((it) => it ?? null),
    );
    if (digest === undefined) return undefined;
    if (digest === null) {
      throw new ImageError(`there is no image ${image}`, "push it first, or leave --image out to build it");
    }
    const platforms = await problems.ask(
      "ecr:BatchGetImage",
      platformsOf(aws, repository, digest).then((it) => it ?? null),
    );
    if (platforms === undefined) return undefined;
    return { repository, image: `${repository.url}@${digest}`, ...(platforms && { platforms }), warnings: [] };
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    problems.add({ what: error.message, where: `--image; repository ${repository.url}`, next: error.next });
    return undefined;
  }
}

/** The platform of the service, and whether its tasks can certainly run no other. Pure. */
export function platformOf({ definition }: Revision, { stacks }: ReleaseTarget, config: Config) {
  const { runtimePlatform, requiresCompatibilities = [] } = definition;
  const named = runtimePlatform?.cpuArchitecture;
  // Fargate's default: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html (X86_64)
  const architecture = named ?? (stacks ? config.service.architecture : "X86_64");
  return {
    platform: platformFor(architecture, runtimePlatform?.operatingSystemFamily),
    isCertain: named !== undefined || stacks !== undefined || requiresCompatibilities.includes("FARGATE"),
  };
}
