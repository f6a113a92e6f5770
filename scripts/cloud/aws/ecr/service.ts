import type { Service } from "../operation";
import { batchGetImage } from "./batch-get-image";
import { describeImages } from "./describe-images";
import { describeRepositories } from "./describe-repositories";
import { getAuthorizationToken } from "./get-authorization-token";
import { listImages } from "./list-images";

/** Elastic Container Registry. */
export const ecr: Service = {
  name: "ECR",
  target: "AmazonEC2ContainerRegistry_V20150921",
  signingName: "ecr",
  operations: [batchGetImage, describeImages, describeRepositories, getAuthorizationToken, listImages],
  inputErrorType: () => "InvalidParameterException",
};
