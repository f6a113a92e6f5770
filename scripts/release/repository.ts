import { repositoryUrlOf } from "../command/image-reference";

/** A repository of ECR that this release can read. */
export interface EcrRepository {
  readonly name: string;
  /** `<registry>/<name>`, as image references begin. */
  readonly url: string;
  /** The account of the registry; absent for the caller's own. */
  readonly registryId?: string;
}

/** A repository that this release can't read. */
interface OtherRepository {
  readonly url: string;
  /** Why its images can't be checked, e.g. `in ECR of us-east-1, …`. */
  readonly why: string;
}

/** Where a container's image comes from. */
export type Repository = EcrRepository | OtherRepository;

/** Whether its images can be checked. Pure. */
export function isEcr(repository: Repository): repository is EcrRepository {
  return "name" in repository;
}

/**
 * The host of a private registry, in any partition, also with FIPS and dual-stack endpoints:
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-requests.html
 */
const REGISTRY = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.[a-z0-9.-]+$/;

/**
 * The repository of an image. Pure.
 *
 * @param image reference with or without tag and digest
 * @param caller account of the credentials, and region of all calls
 */
export function repositoryOfImage(
  image: string,
  caller: { readonly account: string | undefined; readonly region: string },
): Repository {
  const url = repositoryUrlOf(image);
  const slash = url.indexOf("/");
  const [, account, region] = REGISTRY.exec(url.slice(0, Math.max(0, slash))) ?? [];
  if (account === undefined || region === undefined) return { url, why: "not in a private registry of ECR" };
  if (region !== caller.region)
    return { url, why: `in ECR of ${region}, while this release works in ${caller.region}` };
  return { url, name: url.slice(slash + 1), ...(account !== caller.account && { registryId: account }) };
}
