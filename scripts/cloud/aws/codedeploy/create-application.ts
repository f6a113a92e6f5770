import type { CreateApplicationOutput } from "@aws-sdk/client-codedeploy";
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { operation } from "../operation";
import { ecsPlatform } from "./ecs-platform";
import type { RegistryContext } from "./registry-context";
import { resourceName } from "./resource-name";
import { tagList, tagsOf } from "./tags-input";

/** Makes an application for ECS. */
export const createApplication = operation(
  "CreateApplication",
  z.object({ applicationName: resourceName, computePlatform: ecsPlatform, tags: tagList.default([]) }),
  ({ applicationName, computePlatform, tags }, { registry, clock }: RegistryContext): CreateApplicationOutput => {
    const applicationId = randomUUID();
    const createTime = new Date(clock.now());
    const info = { applicationId, createTime, linkedToGitHub: false, computePlatform };
    registry.addApplication(applicationName, info, tagsOf(tags));
    return { applicationId };
  },
);
