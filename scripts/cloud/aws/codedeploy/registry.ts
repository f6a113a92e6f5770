import type { ApplicationInfo, DeploymentConfigInfo, DeploymentGroupInfo } from "@aws-sdk/client-codedeploy";
import { AwsError } from "../../aws-error";
import { PREDEFINED_CONFIGS } from "./predefined-configs";

/** Tag values by key. */
export type Tags = ReadonlyMap<string, string>;

/** An application with its tags and groups. */
interface StoredApplication {
  info: ApplicationInfo;
  tags: Tags;
  readonly groups: Map<string, StoredGroup>;
}

interface StoredGroup {
  info: DeploymentGroupInfo;
  tags: Tags;
}

const RESOURCE = /^arn:[\w-]+:codedeploy:[\w-]+:\d{12}:(application|deploymentgroup):(.+)$/;

/**
 * The applications, deployment groups and deployment configs of an account, with their tags. A new registry has only the
 * predefined configs.
 */
export class CodeDeployRegistry {
  protected readonly stored = new Map<string, StoredApplication>();
  protected readonly configs = new Map<string, DeploymentConfigInfo>();

  /** Names of the applications, in the order of creation. */
  applications(): string[] {
    return [...this.stored.keys()];
  }

  /** @throws AwsError ApplicationDoesNotExistException */
  application(name: string): ApplicationInfo {
    return this.storedApplication(name).info;
  }

  /** @throws AwsError ApplicationAlreadyExistsException */
  addApplication(name: string, info: ApplicationInfo, tags: Tags = new Map()): void {
    if (this.stored.has(name)) {
      throw new AwsError("ApplicationAlreadyExistsException", `An application with the name ${name} already exists.`);
    }
    this.stored.set(name, { info: { ...info, applicationName: name }, tags, groups: new Map() });
  }

  /** Names of an application's groups, in the order of creation. @throws AwsError ApplicationDoesNotExistException */
  groups(application: string): string[] {
    return [...this.storedApplication(application).groups.keys()];
  }

  /** Every group of every application. */
  allGroups(): DeploymentGroupInfo[] {
    return [...this.stored.values()].flatMap(({ groups }) => [...groups.values()].map(({ info }) => info));
  }

  /** @throws AwsError ApplicationDoesNotExistException, DeploymentGroupDoesNotExistException */
  group(application: string, name: string): DeploymentGroupInfo {
    return this.storedGroup(application, name).info;
  }

  /** @throws AwsError ApplicationDoesNotExistException, DeploymentGroupAlreadyExistsException */
  addGroup(application: string, name: string, info: DeploymentGroupInfo, tags: Tags = new Map()): void {
    const { groups } = this.storedApplication(application);
    this.requireFree(application, name);
    groups.set(name, { info: { ...info, applicationName: application, deploymentGroupName: name }, tags });
  }

  /** Checks that replaceGroup can succeed. @throws AwsError as replaceGroup does */
  requireFreeName(application: string, name: string, newName: string): void {
    this.storedGroup(application, name);
    if (newName !== name) this.requireFree(application, newName);
  }

  /**
   * Replaces the settings and the name of a group. It keeps the tags.
   * @param newName equal to `name` when the name stays
   * @throws AwsError ApplicationDoesNotExistException, DeploymentGroupDoesNotExistException, DeploymentGroupAlreadyExistsException
   */
  replaceGroup(application: string, name: string, newName: string, info: DeploymentGroupInfo): void {
    const group = this.storedGroup(application, name);
    if (newName !== name) {
      this.addGroup(application, newName, info, group.tags);
      this.removeGroup(application, name);
      return;
    }
    group.info = { ...info, applicationName: application, deploymentGroupName: name };
  }

  /** Removes a group. Does nothing when there is none. */
  removeGroup(application: string, name: string): void {
    this.stored.get(application)?.groups.delete(name);
  }

  /**
   * A config for deployments to ECS.
   * @throws AwsError DeploymentConfigDoesNotExistException; InvalidDeploymentConfigNameException when it is for another platform
   */
  configForEcs(name: string): DeploymentConfigInfo {
    const config = this.config(name);
    if (config.computePlatform === "ECS") return config;
    throw new AwsError(
      "InvalidDeploymentConfigNameException",
      `The deployment configuration ${name} is for the compute platform ${config.computePlatform ?? "Server"}, not for ECS.`,
    );
  }

  /** Names of the predefined configs, then of the custom ones. */
  configNames(): string[] {
    return [...PREDEFINED_CONFIGS.keys(), ...this.configs.keys()];
  }

  /** @throws AwsError DeploymentConfigDoesNotExistException */
  config(name: string): DeploymentConfigInfo {
    const found = PREDEFINED_CONFIGS.get(name) ?? this.configs.get(name);
    if (found) return found;
    throw new AwsError("DeploymentConfigDoesNotExistException", `No deployment configuration found for name: ${name}`);
  }

  /** @throws AwsError DeploymentConfigAlreadyExistsException */
  addConfig(name: string, info: DeploymentConfigInfo): void {
    if (PREDEFINED_CONFIGS.has(name) || this.configs.has(name)) {
      throw new AwsError(
        "DeploymentConfigAlreadyExistsException",
        `A deployment configuration with the name ${name} already exists.`,
      );
    }
    this.configs.set(name, { ...info, deploymentConfigName: name });
  }

  /**
   * Tags of an application or a group.
   * @throws AwsError InvalidArnException, ArnNotSupportedException, ApplicationDoesNotExistException,
   *   DeploymentGroupDoesNotExistException
   */
  tags(arn: string): Tags {
    return this.tagged(arn).tags;
  }

  /** Replaces the tags of an application or a group. @throws as `tags` */
  setTags(arn: string, tags: Tags): void {
    this.tagged(arn).tags = tags;
  }

  private requireFree(application: string, group: string): void {
    if (!this.storedApplication(application).groups.has(group)) return;
    throw new AwsError(
      "DeploymentGroupAlreadyExistsException",
      `Deployment group name ${group} already exists for the application ${application}.`,
    );
  }

  protected storedApplication(name: string): StoredApplication {
    const found = this.stored.get(name);
    if (found) return found;
    throw new AwsError("ApplicationDoesNotExistException", `No application found for name: ${name}`);
  }

  private storedGroup(application: string, name: string): StoredGroup {
    const found = this.storedApplication(application).groups.get(name);
    if (found) return found;
    throw new AwsError("DeploymentGroupDoesNotExistException", `No Deployment Group found for name: ${name}`);
  }

  private tagged(arn: string): StoredApplication | StoredGroup {
    if (!arn.startsWith("arn:")) throw new AwsError("InvalidArnException", `${arn} is not an ARN.`);
    const [, kind, name = ""] = RESOURCE.exec(arn) ?? [];
    if (kind === undefined) {
      throw new AwsError(
        "ArnNotSupportedException",
        `${arn} names neither an application nor a deployment group of CodeDeploy: no other resource of CodeDeploy has tags.`,
      );
    }
    if (kind === "application") return this.storedApplication(name);
    const slash = name.indexOf("/");
    return this.storedGroup(name.slice(0, Math.max(0, slash)), name.slice(slash + 1));
  }
}
