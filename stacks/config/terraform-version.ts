/**
 * The oldest Terraform version for the stacks. Since 1.11, the lock of the S3 backend (`use_lockfile`) is no longer experimental.
 * Source: https://github.com/hashicorp/terraform/blob/v1.11/CHANGELOG.md
 */
export const TERRAFORM_MINIMUM = "1.11";
