/**
 * Attributes of one resource type that are not in the attribute rules (`attributes/`). Names are separated by spaces; an
 * attribute includes everything in it. A change of any other attribute is reported: see `unknown-changes.ts`.
 * `__tests__/plan/provider-attributes.test.ts` compares this with the provider's schema.
 */
interface KnownAttributes {
  /** Read by a rule. */
  readonly ruled?: string;
  /** Safe to change: texts for people, and settings of Terraform itself. */
  readonly harmless?: string;
}

/** Attributes of every type that are safe to change. */
export const HARMLESS_EVERYWHERE = "id tags tags_all timeouts description";

/** Attributes that rules read, or that are safe to change, by resource type. */
export const KNOWN_ATTRIBUTES: Readonly<Record<string, KnownAttributes>> = {
  // Network.
  aws_vpc: { ruled: "enable_dns_support enable_dns_hostnames", harmless: "enable_network_address_usage_metrics" },
  aws_subnet: {},
  aws_internet_gateway: {},
  aws_nat_gateway: {},
  aws_eip: { harmless: "vpc address" },
  aws_route: {
    ruled: [
      "carrier_gateway_id core_network_arn egress_only_gateway_id gateway_id local_gateway_id nat_gateway_id",
      "network_interface_id transit_gateway_id vpc_endpoint_id vpc_peering_connection_id",
    ].join(" "),
  },
  aws_route_table: { ruled: "route" },
  aws_route_table_association: {},
  aws_main_route_table_association: {},
  aws_vpc_block_public_access_options: { ruled: "internet_gateway_block_mode" },
  aws_vpc_block_public_access_exclusion: { ruled: "internet_gateway_exclusion_mode" },
  aws_vpc_endpoint_policy: { ruled: "policy" },
  aws_vpc_endpoint: { ruled: "policy", harmless: "auto_accept" },
  aws_flow_log: { ruled: "traffic_type" },
  aws_security_group: { ruled: "ingress egress", harmless: "revoke_rules_on_delete" },
  aws_default_security_group: { ruled: "ingress egress", harmless: "revoke_rules_on_delete" },
  aws_security_group_rule: {
    ruled: "from_port to_port protocol cidr_blocks ipv6_cidr_blocks prefix_list_ids self source_security_group_id type",
  },
  aws_vpc_security_group_ingress_rule: {
    ruled: "from_port to_port ip_protocol cidr_ipv4 cidr_ipv6 prefix_list_id referenced_security_group_id",
  },
  aws_vpc_security_group_egress_rule: {
    ruled: "from_port to_port ip_protocol cidr_ipv4 cidr_ipv6 prefix_list_id referenced_security_group_id",
  },
  aws_network_acl: { ruled: "ingress egress subnet_ids" },
  aws_default_network_acl: { ruled: "ingress egress subnet_ids" },
  aws_network_acl_rule: { ruled: "rule_action" },
  aws_network_acl_association: { ruled: "network_acl_id" },
  aws_route53_record: {
    ruled: "alias.name alias.zone_id records type weighted_routing_policy",
    harmless: "allow_overwrite",
  },
  aws_acm_certificate: { harmless: "early_renewal_duration" },
  aws_acm_certificate_validation: {},

  // Load balancing and firewall.
  aws_lb: {
    ruled: [
      "access_logs.enabled connection_logs.enabled drop_invalid_header_fields enable_deletion_protection",
      "enable_waf_fail_open security_groups subnets subnet_mapping",
    ].join(" "),
  },
  aws_lb_listener: {
    ruled: "default_action port protocol ssl_policy",
    harmless: "routing_http_response_server_enabled",
  },
  aws_lb_listener_rule: { ruled: "action" },
  aws_lb_listener_certificate: {},
  aws_lb_target_group: {
    ruled: [
      "health_check.enabled health_check.interval health_check.matcher health_check.path health_check.port",
      "health_check.protocol health_check.timeout health_check.unhealthy_threshold",
    ].join(" "),
  },
  aws_wafv2_web_acl: { ruled: "default_action rule", harmless: "custom_response_body visibility_config.metric_name" },
  aws_wafv2_web_acl_association: {},
  aws_wafv2_web_acl_logging_configuration: {},

  // Service.
  aws_ecs_service: {
    ruled: [
      "task_definition load_balancer network_configuration desired_count enable_execute_command",
      "capacity_provider_strategy",
    ].join(" "),
    harmless: "enable_ecs_managed_tags propagate_tags wait_for_steady_state sigint_rollback",
  },
  aws_ecs_task_definition: { ruled: "container_definitions", harmless: "skip_destroy track_latest" },
  aws_ecs_cluster: {},
  aws_ecs_cluster_capacity_providers: { ruled: "default_capacity_provider_strategy" },
  aws_appautoscaling_target: { ruled: "max_capacity min_capacity" },
  aws_appautoscaling_policy: { ruled: "step_scaling_policy_configuration" },
  aws_appautoscaling_scheduled_action: { ruled: "scalable_target_action" },
  aws_dynamodb_table: {
    ruled: [
      "deletion_protection_enabled global_secondary_index point_in_time_recovery replica",
      "server_side_encryption ttl",
    ].join(" "),
    harmless: "attribute table_class restore_date_time restore_source_name restore_to_latest_time",
  },
  aws_ecr_repository: { ruled: "image_tag_mutability image_scanning_configuration" },
  aws_ecr_lifecycle_policy: { ruled: "policy" },
  aws_ecr_repository_policy: { ruled: "policy" },
  docker_image: { harmless: "build build_arg force_remove keep_locally name platform pull_triggers triggers" },
  docker_registry_image: { harmless: "auth_config insecure_skip_verify keep_remotely name triggers" },

  // Gate.
  aws_cloudwatch_metric_alarm: {
    ruled: [
      "actions_enabled alarm_actions comparison_operator datapoints_to_alarm dimensions",
      "evaluate_low_sample_count_percentiles evaluation_periods extended_statistic metric_name metric_query namespace",
      "period statistic threshold threshold_metric_id treat_missing_data unit",
    ].join(" "),
    harmless: "alarm_description",
  },
  aws_cloudwatch_composite_alarm: { ruled: "alarm_rule", harmless: "alarm_description" },
  aws_cloudwatch_dashboard: { harmless: "dashboard_body" },
  aws_cloudwatch_event_rule: { harmless: "force_destroy" },
  aws_cloudwatch_event_target: { harmless: "force_destroy" },
  aws_codedeploy_app: {},
  aws_codedeploy_deployment_config: { ruled: "traffic_routing_config" },
  aws_codedeploy_deployment_group: {
    ruled: [
      "alarm_configuration auto_rollback_configuration deployment_config_name deployment_style load_balancer_info",
      "trigger_configuration blue_green_deployment_config.terminate_blue_instances_on_deployment_success.termination_wait_time_in_minutes",
    ].join(" "),
  },
  aws_lambda_function: {
    ruled: "kms_key_arn",
    harmless:
      "publish publish_to skip_destroy tracing_config replace_security_groups_on_destroy replacement_security_group_ids",
  },
  aws_lambda_alias: {},
  aws_lambda_permission: { ruled: "principal" },
  aws_lambda_function_url: { ruled: "authorization_type", harmless: "invoke_mode" },
  aws_sns_topic: {
    ruled: "kms_master_key_id policy",
    harmless: [
      "display_name signature_version tracing_config fifo_throughput_scope application_failure_feedback_role_arn",
      "application_success_feedback_role_arn application_success_feedback_sample_rate firehose_failure_feedback_role_arn",
      "firehose_success_feedback_role_arn firehose_success_feedback_sample_rate http_failure_feedback_role_arn",
      "http_success_feedback_role_arn http_success_feedback_sample_rate lambda_failure_feedback_role_arn",
      "lambda_success_feedback_role_arn lambda_success_feedback_sample_rate sqs_failure_feedback_role_arn",
      "sqs_success_feedback_role_arn sqs_success_feedback_sample_rate",
    ].join(" "),
  },
  aws_sns_topic_policy: { ruled: "policy" },
  aws_sns_topic_subscription: { harmless: "confirmation_timeout_in_minutes endpoint_auto_confirms" },

  // Permissions, keys and storage.
  aws_iam_role: {
    ruled: "assume_role_policy inline_policy managed_policy_arns permissions_boundary",
    harmless: "force_detach_policies",
  },
  aws_iam_policy: { ruled: "policy" },
  aws_iam_role_policy: { ruled: "policy" },
  aws_iam_role_policy_attachment: { ruled: "policy_arn" },
  aws_iam_openid_connect_provider: {},
  aws_kms_key: { ruled: "enable_key_rotation policy", harmless: "bypass_policy_lockout_safety_check" },
  aws_kms_key_policy: { ruled: "policy", harmless: "bypass_policy_lockout_safety_check" },
  aws_kms_alias: {},
  aws_ssm_parameter: { harmless: "overwrite tier allowed_pattern data_type value_wo" },
  aws_secretsmanager_secret: { ruled: "policy", harmless: "force_overwrite_replica_secret" },
  aws_cloudwatch_log_group: { ruled: "kms_key_id retention_in_days" },
  aws_s3_bucket: { ruled: "policy", harmless: "acceleration_status" },
  aws_s3_bucket_lifecycle_configuration: { ruled: "rule" },
  aws_s3_bucket_ownership_controls: {},
  aws_s3_bucket_policy: { ruled: "policy" },
  aws_s3_account_public_access_block: {
    ruled: "block_public_acls block_public_policy ignore_public_acls restrict_public_buckets",
  },
  aws_s3_bucket_public_access_block: {
    ruled: "block_public_acls block_public_policy ignore_public_acls restrict_public_buckets",
    harmless: "skip_destroy",
  },
  aws_s3_bucket_server_side_encryption_configuration: {
    ruled: "rule.apply_server_side_encryption_by_default",
    harmless: "rule.bucket_key_enabled",
  },
  aws_s3_bucket_versioning: { ruled: "versioning_configuration.status", harmless: "mfa" },
};
