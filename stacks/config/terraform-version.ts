/**
 * The oldest Terraform that the stacks work with: since 1.11 the S3 backend's own lock (`use_lockfile`) is no longer
 * experimental. Source: https://github.com/hashicorp/terraform/blob/v1.11/CHANGELOG.md
 */
export const TERRAFORM_MINIMUM = "1.11";
