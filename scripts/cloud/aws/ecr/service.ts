import type { Service } from "../operation";
import { batchGetImage } from "./batch-get-image";
import { describeRepositories } from "./describe-repositories";
import { getAuthorizationToken } from "./get-authorization-token";
import { describeImages, listImages } from "./images";

/** Elastic Container Registry. */
export const ecr: Service = {
  name: "ECR",
  target: "AmazonEC2ContainerRegistry_V20150921",
  signingName: "ecr",
  operations: [batchGetImage, describeImages, describeRepositories, getAuthorizationToken, listImages],
  inputErrorType: () => "InvalidParameterException",
};
