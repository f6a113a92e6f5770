import { cloudWatch } from "./cloudwatch/service";
import { codeDeploy } from "./codedeploy/service";
import { ecr } from "./ecr/service";
import { ecs } from "./ecs/service";
import { elasticLoadBalancing } from "./elbv2/service";
import type { Service } from "./operation";
import { sts } from "./sts/service";

/** Every AWS service that the local cloud serves, except DynamoDB. */
export const SERVICES: readonly Service[] = [codeDeploy, ecs, ecr, elasticLoadBalancing, cloudWatch, sts];
