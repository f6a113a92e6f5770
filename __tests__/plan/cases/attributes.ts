import { update } from "../plan-fixture";
import type { Case } from "./case";

/** Attribute, its value before and after; `care` for a caution; `anyway` when the opposite change is reported too. */
type Line = readonly [attribute: string, before: unknown, after: unknown, ...rest: readonly ("care" | "anyway")[]];

/** A value in the blocks that lead to it. */
function nest(attribute: string, value: unknown): object {
  const [first = "", ...rest] = attribute.split(".");
  return { [first]: rest.length === 0 ? value : [nest(rest.join("."), value)] };
}

/** One case for each line. The similar plan is the opposite change, or, with `anyway`, a change of tags only. */
function lines(rule: string, type: string, ...all: readonly Line[]): readonly Case[] {
  return all.map(([attribute, before, after, ...rest]): Case => {
    const [old, now] = [nest(attribute, before), nest(attribute, after)];
    return {
      rule,
      when: `${attribute} of ${type} goes from ${JSON.stringify(before)} to ${JSON.stringify(after)}`,
      trips: [update(type, old, now)],
      says: new RegExp(`^${attribute.replaceAll(".", "\\.")} (goes|changes|loses)`),
      ...(rest.includes("care") && { level: "caution" as const }),
      silent: [
        rest.includes("anyway")
          ? update(type, { ...old, tags: {} }, { ...old, tags: { a: "b" } })
          : update(type, now, old),
      ],
    };
  });
}
/** Lines about attributes of which every change is a caution. */
function cautions(rule: string, type: string, attributes: string): readonly Case[] {
  return lines(rule, type, ...attributes.split(" ").map((name): Line => [name, ["a"], ["b"], "care", "anyway"]));
}
const RESPONSE = "routing_http_response";
const REQUEST = "routing_http_request_x_amzn";
const READY = "blue_green_deployment_config.deployment_ready_option";
const TERMINATE = "blue_green_deployment_config.terminate_blue_instances_on_deployment_success";
const TRACKING = "target_tracking_scaling_policy_configuration";
const SHELL = "configuration.execute_command_configuration";

const GROUP = "aws_lb_target_group";
const ALGORITHM = "load_balancing_algorithm_type";
const SHORT = "a".repeat(80);
const LONG = "a".repeat(81);

/** In-place changes, attribute by attribute. */
export const ATTRIBUTES: readonly Case[] = [
  ...(
    [
      [SHORT, "b", `goes from ${SHORT} to b`],
      ["b", SHORT, `goes from b to ${SHORT}`],
      [LONG, "b", "changes"],
      ["b", LONG, "changes"],
      [["b"], "b", "changes"],
    ] as const
  ).map(([before, after, words]): Case => ({
    rule: "cuts-traffic",
    when: `a text becomes another one, and it ${words}`,
    trips: [update(GROUP, { [ALGORITHM]: before }, { [ALGORITHM]: after })],
    says: new RegExp(`^${ALGORITHM} ${words}: traffic is distributed over the tasks in another way$`),
    level: "caution",
    silent: [
      update(
        GROUP,
        { [ALGORITHM]: before, deregistration_delay: "300" },
        { [ALGORITHM]: before, deregistration_delay: 300, connection_termination: false },
      ),
    ],
  })),
  {
    rule: "security-trust-widened",
    when: "a number that is written as text gets larger",
    trips: [update("aws_iam_role", { max_session_duration: "3600" }, { max_session_duration: 3601 })],
    says: /^max_session_duration goes from 3600 to 3601/,
    level: "caution",
    silent: [update("aws_iam_role", { max_session_duration: "3600" }, { max_session_duration: 3600 })],
  },
  ...lines(
    "cuts-traffic",
    "aws_lb",
    ["idle_timeout", 60, 1],
    ["client_keep_alive", 3600, 60, "care"],
    ["ip_address_type", "dualstack", "ipv4"],
    ["ip_address_type", "ipv4", "dualstack-without-public-ipv4", "anyway"],
    ["enable_http2", true, false, "care"],
    ["enable_cross_zone_load_balancing", true, false, "care"],
    ["enable_zonal_shift", true, false, "care"],
    ["minimum_load_balancer_capacity.capacity_units", 500, 100, "care"],
  ),
  ...cautions(
    "cuts-traffic",
    "aws_lb",
    "xff_header_processing_mode preserve_host_header enable_xff_client_port enable_tls_version_and_cipher_suite_headers dns_record_client_routing_policy ipam_pools secondary_ips_auto_assigned_per_subnet",
  ),
  ...lines(
    "security-smuggling-tolerated",
    "aws_lb",
    ["desync_mitigation_mode", "defensive", "monitor"],
    ["desync_mitigation_mode", "strictest", "monitor", "anyway"],
    ["desync_mitigation_mode", "strictest", "defensive", "care", "anyway"],
    ["desync_mitigation_mode", "defensive", "strictest", "care", "anyway"],
  ),
  ...lines("security-private-link-unguarded", "aws_lb", [
    "enforce_security_group_inbound_rules_on_private_link_traffic",
    "on",
    "off",
  ]),
  ...cautions(
    "changes-traffic",
    "aws_lb",
    "access_logs.bucket access_logs.prefix connection_logs.bucket connection_logs.prefix health_check_logs",
  ),
  ...lines(
    "cuts-traffic",
    "aws_lb_listener",
    ["protocol", "HTTP", "HTTPS", "anyway"],
    ["tcp_idle_timeout_seconds", 350, 60],
    ["mutual_authentication.ignore_client_certificate_expiry", false, true],
  ),
  ...cautions(
    "cuts-traffic",
    "aws_lb_listener",
    "certificate_arn alpn_policy mutual_authentication.trust_store_arn mutual_authentication.advertise_trust_store_ca_names",
  ),
  ...lines(
    "security-client-certificates-off",
    "aws_lb_listener",
    ["mutual_authentication.mode", "verify", "off", "anyway"],
    ["mutual_authentication.mode", "verify", "passthrough", "anyway"],
    ["mutual_authentication.mode", "off", "verify", "care", "anyway"],
    ["mutual_authentication.mode", "off", "passthrough", "care", "anyway"],
  ),
  ...lines(
    "security-security-headers-off",
    "aws_lb_listener",
    ...["strict_transport_security", "content_security_policy", "x_content_type_options", "x_frame_options"].map(
      (name): Line => [`${RESPONSE}_${name}_header_value`, "x", ""],
    ),
    [`${RESPONSE}_access_control_allow_origin_header_value`, "https://a", "*"],
    [`${RESPONSE}_access_control_allow_credentials_header_value`, "", "true"],
  ),
  ...cautions(
    "changes-traffic",
    "aws_lb_listener",
    [
      ...[
        "strict_transport_security content_security_policy x_content_type_options x_frame_options",
        "access_control_allow_origin access_control_allow_credentials access_control_allow_headers",
        "access_control_allow_methods access_control_expose_headers access_control_max_age",
      ].flatMap((names) => names.split(" ").map((name) => `${RESPONSE}_${name}_header_value`)),
      ...[
        "mtls_clientcert mtls_clientcert_issuer mtls_clientcert_leaf mtls_clientcert_serial_number",
        "mtls_clientcert_subject mtls_clientcert_validity tls_cipher_suite tls_version",
      ].flatMap((names) => names.split(" ").map((name) => `${REQUEST}_${name}_header_name`)),
    ].join(" "),
  ),
  ...lines(
    "cuts-traffic",
    "aws_lb_listener_rule",
    ["condition", [{ path_pattern: [{ values: ["/a"] }] }], [{ path_pattern: [{ values: ["/*"] }] }], "anyway"],
    ["priority", 100, 1, "anyway"],
    ["transform", [], [{ type: "url-rewrite" }], "anyway"],
  ),
  ...lines(
    "cuts-traffic",
    "aws_lb_target_group",
    ["deregistration_delay", "30", "0"],
    ["deregistration_delay", 60, 30],
    ["connection_termination", false, true],
    ["proxy_protocol_v2", false, true, "anyway"],
    ["preserve_client_ip", "true", "false", "anyway"],
    ["slow_start", 60, 0, "care"],
    ["stickiness.enabled", true, false, "care", "anyway"],
    ["stickiness.enabled", false, true, "care", "anyway"],
    ["lambda_multi_value_headers_enabled", false, true, "anyway"],
  ),
  ...cautions(
    "cuts-traffic",
    "aws_lb_target_group",
    [
      "stickiness.cookie_duration stickiness.cookie_name stickiness.type load_balancing_algorithm_type",
      "load_balancing_anomaly_mitigation load_balancing_cross_zone_enabled target_failover target_group_health",
      "target_health_state target_control_port",
    ].join(" "),
  ),
  ...cautions("changes-traffic", "aws_lb_target_group", "health_check.healthy_threshold"),

  ...lines(
    "cuts-traffic",
    "aws_ecs_service",
    ["health_check_grace_period_seconds", 60, 0],
    ["deployment_minimum_healthy_percent", 100, 0],
    ["force_new_deployment", false, true, "care"],
    ["service_registries", [{ registry_arn: "a" }], [], "anyway"],
    ["service_connect_configuration", [{ enabled: true }], [], "anyway"],
    ["vpc_lattice_configurations", [{ port_name: "a" }], [], "anyway"],
  ),
  ...cautions("cuts-traffic", "aws_ecs_service", "triggers launch_type"),
  ...lines(
    "gate-circuit-breaker-off",
    "aws_ecs_service",
    ["deployment_circuit_breaker.enable", true, false],
    ["deployment_circuit_breaker.rollback", true, false],
    ["alarms.enable", true, false],
    ["alarms.rollback", true, false],
    ["alarms.alarm_names", ["a", "b"], ["a"]],
  ),
  ...lines(
    "changes-service",
    "aws_ecs_service",
    ["availability_zone_rebalancing", "ENABLED", "DISABLED", "care"],
    ["force_delete", false, true, "care"],
  ),
  ...cautions(
    "changes-service",
    "aws_ecs_service",
    "deployment_maximum_percent placement_constraints ordered_placement_strategy platform_version volume_configuration deployment_configuration",
  ),
  ...lines(
    "security-task-unguarded",
    "aws_ecs_task_definition",
    ["network_mode", "awsvpc", "host"],
    ["network_mode", "awsvpc", "bridge"],
    ["pid_mode", "", "task"],
    ["pid_mode", null, "host"],
    ["ipc_mode", "none", "host"],
    ["ipc_mode", "none", "task"],
    ["enable_fault_injection", false, true],
    ["volume", [], [{ name: "a", host_path: "/" }], "care", "anyway"],
  ),
  ...lines(
    "changes-service",
    "aws_ecs_task_definition",
    ["cpu", "512", "256", "care"],
    ["memory", "1024", "512", "care"],
    ["ephemeral_storage.size_in_gib", 40, 21, "care"],
    ["family", "a", "b", "anyway"],
    ["runtime_platform", [{ cpu_architecture: "X86_64" }], [{ cpu_architecture: "ARM64" }], "anyway"],
  ),
  ...cautions(
    "changes-service",
    "aws_ecs_task_definition",
    [
      "execution_role_arn task_role_arn network_mode pid_mode ipc_mode requires_compatibilities placement_constraints",
      "proxy_configuration inference_accelerator",
    ].join(" "),
  ),
  ...cautions(
    "changes-service",
    "aws_ecs_cluster",
    "service_connect_defaults configuration.managed_storage_configuration",
  ),
  ...lines(
    "security-logs-off",
    "aws_ecs_cluster",
    [`${SHELL}.logging`, "OVERRIDE", "NONE", "anyway"],
    [SHELL, [{ kms_key_id: "a" }], [{ kms_key_id: "b" }], "care", "anyway"],
    [
      "setting",
      [{ name: "containerInsights", value: "enabled" }],
      [{ name: "containerInsights", value: "disabled" }],
      "care",
      "anyway",
    ],
  ),
  ...lines("loses-capacity", "aws_ecs_cluster_capacity_providers", ["capacity_providers", ["FARGATE", "X"], ["X"]]),
  ...lines(
    "loses-capacity",
    "aws_appautoscaling_target",
    ["suspended_state.dynamic_scaling_out_suspended", false, true],
    ["suspended_state.scheduled_scaling_suspended", false, true],
    ["suspended_state.dynamic_scaling_in_suspended", false, true, "care"],
  ),
  ...cautions("loses-capacity", "aws_appautoscaling_target", "role_arn"),
  ...lines(
    "loses-capacity",
    "aws_appautoscaling_policy",
    [`${TRACKING}.target_value`, 50, 90, "care", "anyway"],
    [`${TRACKING}.scale_out_cooldown`, 60, 600, "care"],
  ),
  ...cautions(
    "loses-capacity",
    "aws_appautoscaling_policy",
    [
      ...["customized_metric_specification", "predefined_metric_specification", "target_value", "scale_in_cooldown"],
      "disable_scale_in",
    ]
      .map((name) => `${TRACKING}.${name}`)
      .join(" "),
  ),
  ...cautions("loses-capacity", "aws_appautoscaling_policy", "policy_type predictive_scaling_policy_configuration"),
  ...cautions("loses-capacity", "aws_appautoscaling_scheduled_action", "schedule start_time end_time timezone"),
  ...lines(
    "cuts-traffic",
    "aws_dynamodb_table",
    ["read_capacity", 20, 5],
    ["write_capacity", 20, 5],
    ["on_demand_throughput.max_read_request_units", 100, 10, "anyway"],
    ["on_demand_throughput.max_write_request_units", 100, 10, "anyway"],
    ["on_demand_throughput", [], [{ max_read_request_units: 1 }], "care", "anyway"],
    ["billing_mode", "PAY_PER_REQUEST", "PROVISIONED", "care"],
    ["stream_enabled", true, false],
    ["stream_view_type", "NEW_IMAGE", "KEYS_ONLY", "anyway"],
  ),

  ...lines(
    "gate-group-changed",
    "aws_codedeploy_deployment_group",
    ["service_role_arn", "arn:a", "arn:b", "anyway"],
    ["deployment_group_name", "a", "b", "anyway"],
    ["ecs_service", [{ service_name: "a" }], [{ service_name: "b" }], "anyway"],
    [`${READY}.action_on_timeout`, "STOP_DEPLOYMENT", "CONTINUE_DEPLOYMENT", "anyway"],
    [`${READY}.action_on_timeout`, "CONTINUE_DEPLOYMENT", "STOP_DEPLOYMENT", "care", "anyway"],
    [`${TERMINATE}.action`, "TERMINATE", "KEEP_ALIVE", "care", "anyway"],
    [`${TERMINATE}.action`, "KEEP_ALIVE", "TERMINATE", "care", "anyway"],
  ),
  ...cautions(
    "gate-group-changed",
    "aws_codedeploy_deployment_group",
    [
      `${READY}.wait_time_in_minutes blue_green_deployment_config.green_fleet_provisioning_option autoscaling_groups`,
      "ec2_tag_filter ec2_tag_set on_premises_instance_tag_filter outdated_instances_strategy termination_hook_enabled",
    ].join(" "),
  ),
  ...cautions("gate-strategy-changed", "aws_codedeploy_deployment_config", "minimum_healthy_hosts zonal_config"),
  ...lines(
    "gate-hook-changed",
    "aws_lambda_function",
    ["reserved_concurrent_executions", -1, 0],
    ["reserved_concurrent_executions", 10, 2, "care"],
    ["timeout", 60, 3, "care"],
    ["memory_size", 512, 128, "care"],
    ["ephemeral_storage.size", 1024, 512, "care"],
    ["dead_letter_config", [{ target_arn: "a" }], [], "care", "anyway"],
  ),
  ...cautions(
    "gate-hook-changed",
    "aws_lambda_function",
    [
      "source_code_hash filename image_uri s3_bucket s3_key s3_object_version layers handler runtime image_config",
      "package_type architectures role environment vpc_config file_system_config code_signing_config_arn",
      "dead_letter_config logging_config snap_start capacity_provider_config durable_config tenancy_config",
      "source_kms_key_arn",
    ].join(" "),
  ),
  ...cautions("gate-hook-changed", "aws_lambda_alias", "function_version routing_config"),
  ...lines(
    "gate-notice-lost",
    "aws_cloudwatch_event_rule",
    ["is_enabled", true, false],
    ["state", "ENABLED", "DISABLED"],
    ["state", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS", "DISABLED"],
    ["event_pattern", "{}", "", "anyway"],
  ),
  ...cautions("gate-notice-lost", "aws_cloudwatch_event_rule", "event_pattern schedule_expression role_arn"),
  ...lines(
    "gate-notice-lost",
    "aws_cloudwatch_event_target",
    ["arn", "arn:a", "arn:b", "anyway"],
    ["dead_letter_config", [{ arn: "a" }], [], "care", "anyway"],
    ["retry_policy.maximum_retry_attempts", 185, 0, "care"],
    ["retry_policy.maximum_event_age_in_seconds", 86_400, 60, "care"],
  ),
  ...cautions(
    "gate-notice-lost",
    "aws_cloudwatch_event_target",
    [
      "input input_path input_transformer role_arn dead_letter_config appsync_target batch_target ecs_target http_target",
      "kinesis_target redshift_target run_command_targets sagemaker_pipeline_target sqs_target",
    ].join(" "),
  ),
  ...lines("gate-notice-lost", "aws_sns_topic", ["archive_policy", "{}", "", "care"]),
  ...cautions("gate-notice-lost", "aws_sns_topic", "delivery_policy content_based_deduplication"),
  ...lines("gate-notice-lost", "aws_sns_topic_subscription", ["redrive_policy", "{}", "", "care", "anyway"]),
  ...cautions(
    "gate-notice-lost",
    "aws_sns_topic_subscription",
    "filter_policy filter_policy_scope raw_message_delivery redrive_policy delivery_policy replay_policy subscription_role_arn",
  ),
  ...lines(
    "gate-actions-disabled",
    "aws_cloudwatch_metric_alarm",
    ["ok_actions", ["a", "b"], ["a"], "care"],
    ["insufficient_data_actions", ["a"], [], "care"],
  ),
  ...lines(
    "gate-composite-weakened",
    "aws_cloudwatch_composite_alarm",
    ["actions_enabled", true, false],
    ["alarm_actions", ["a"], []],
    ["ok_actions", ["a"], [], "care"],
    ["insufficient_data_actions", ["a"], [], "care"],
    ["actions_suppressor.alarm", "", "other", "anyway"],
    ["actions_suppressor.wait_period", 60, 600],
    ["actions_suppressor.extension_period", 60, 600],
  ),

  ...lines("security-public-addresses", "aws_subnet", ["map_public_ip_on_launch", false, true]),
  ...lines(
    "cuts-traffic",
    "aws_subnet",
    ["map_public_ip_on_launch", true, false, "care"],
    ["assign_ipv6_address_on_creation", true, false, "care"],
    ["enable_dns64", true, false, "care"],
    ["ipv6_cidr_block", "2001:db8::/64", ""],
  ),
  ...cautions(
    "changes-network",
    "aws_subnet",
    [
      "assign_ipv6_address_on_creation enable_dns64 private_dns_hostname_type_on_launch enable_lni_at_device_index",
      "enable_resource_name_dns_a_record_on_launch enable_resource_name_dns_aaaa_record_on_launch",
      "map_customer_owned_ip_on_launch customer_owned_ipv4_pool ipv6_cidr_block",
    ].join(" "),
  ),
  ...lines(
    "cuts-traffic",
    "aws_vpc",
    ["assign_generated_ipv6_cidr_block", true, false, "anyway"],
    ["ipv6_cidr_block", "2001:db8::/56", "", "anyway"],
  ),
  ...cautions(
    "cuts-traffic",
    "aws_vpc",
    "assign_generated_ipv6_cidr_block ipv6_cidr_block ipv6_ipam_pool_id ipv6_netmask_length ipv6_cidr_block_network_border_group instance_tenancy",
  ),
  ...lines("cuts-traffic", "aws_internet_gateway", ["vpc_id", "vpc-1", "vpc-2", "anyway"]),
  ...cautions(
    "cuts-traffic",
    "aws_nat_gateway",
    "secondary_allocation_ids secondary_private_ip_addresses secondary_private_ip_address_count availability_zone_address",
  ),
  ...lines(
    "cuts-traffic",
    "aws_eip",
    ["instance", "i-1", "i-2", "anyway"],
    ["network_interface", "eni-1", "eni-2", "anyway"],
    ["associate_with_private_ip", "10.0.0.1", "10.0.0.2", "anyway"],
  ),
  ...lines("cuts-traffic", "aws_route_table", ["propagating_vgws", ["a", "b"], ["a"]]),
  ...lines("cuts-traffic", "aws_route_table_association", ["route_table_id", "rtb-1", "rtb-2", "anyway"]),
  ...lines("cuts-traffic", "aws_main_route_table_association", ["route_table_id", "rtb-1", "rtb-2", "anyway"]),
  ...lines(
    "cuts-traffic",
    "aws_vpc_endpoint",
    ["route_table_ids", ["a", "b"], ["a"], "anyway"],
    ["subnet_ids", ["a", "b"], ["a"], "anyway"],
    ["security_group_ids", ["a", "b"], ["a"], "anyway"],
    ["private_dns_enabled", true, false, "anyway"],
    ["private_dns_enabled", false, true, "care", "anyway"],
    ["route_table_ids", ["a"], ["a", "b"], "care", "anyway"],
    ["subnet_ids", ["a"], ["a", "b"], "care", "anyway"],
    ["security_group_ids", ["a"], ["a", "b"], "care", "anyway"],
  ),
  ...cautions("cuts-traffic", "aws_vpc_endpoint", "dns_options ip_address_type subnet_configuration"),
  ...lines(
    "cuts-traffic",
    "aws_route53_record",
    ["failover_routing_policy", [{ type: "PRIMARY" }], [{ type: "SECONDARY" }], "anyway"],
    ["latency_routing_policy", [{ region: "eu-west-1" }], [{ region: "us-east-1" }], "anyway"],
    ["geolocation_routing_policy", [{ country: "DE" }], [{ country: "FR" }], "anyway"],
    ["geoproximity_routing_policy", [{ bias: 1 }], [{ bias: -50 }], "anyway"],
    ["cidr_routing_policy", [{ location_name: "a" }], [{ location_name: "b" }], "anyway"],
    ["multivalue_answer_routing_policy", true, false, "anyway"],
    ["set_identifier", "a", "b", "anyway"],
    ["alias.evaluate_target_health", true, false, "care", "anyway"],
    ["alias.evaluate_target_health", false, true, "care", "anyway"],
    ["ttl", 60, 86_400, "care"],
  ),
  ...cautions("cuts-traffic", "aws_route53_record", "health_check_id"),
  ...lines("changes-network", "aws_acm_certificate", [
    "options.certificate_transparency_logging_preference",
    "ENABLED",
    "DISABLED",
  ]),
  ...cautions("changes-network", "aws_acm_certificate", "certificate_body certificate_chain private_key"),
  ...lines("security-logs-off", "aws_wafv2_web_acl_logging_configuration", [
    "redacted_fields",
    [{ uri_path: [{}], single_header: [{ name: "a" }] }],
    [],
    "anyway",
  ]),
  ...cautions(
    "security-logs-off",
    "aws_wafv2_web_acl_logging_configuration",
    "log_destination_configs logging_filter redacted_fields",
  ),
  ...lines(
    "changes-firewall",
    "aws_wafv2_web_acl",
    ["visibility_config.cloudwatch_metrics_enabled", true, false, "care"],
    ["visibility_config.sampled_requests_enabled", true, false, "care"],
  ),
  ...cautions(
    "changes-firewall",
    "aws_wafv2_web_acl",
    "rule_json token_domains association_config captcha_config challenge_config data_protection_config",
  ),

  ...cautions("cuts-traffic", "aws_dynamodb_table", "warm_throughput global_table_witness"),
  ...lines("security-deletion-protection-off", "aws_cloudwatch_log_group", [
    "deletion_protection_enabled",
    true,
    false,
  ]),
  ...cautions("security-tags-mutable", "aws_ecr_repository", "image_tag_mutability_exclusion_filter"),
  ...lines("security-destroys-contents", "aws_s3_bucket", ["force_destroy", false, true]),
  ...lines("security-destroys-contents", "aws_ecr_repository", ["force_delete", false, true]),
  ...lines("security-destroys-contents", "aws_cloudwatch_log_group", ["skip_destroy", true, false]),
  ...lines(
    "security-public-access-allowed",
    "aws_s3_bucket",
    ...["public-read", "public-read-write", "authenticated-read"].map((acl): Line => ["acl", "private", acl, "anyway"]),
  ),
  ...cautions("security-public-access-allowed", "aws_s3_bucket", "acl grant"),
  ...lines("security-public-access-allowed", "aws_s3_bucket_ownership_controls", [
    "rule.object_ownership",
    "BucketOwnerEnforced",
    "ObjectWriter",
    "anyway",
  ]),
  ...cautions("security-public-access-allowed", "aws_s3_bucket_ownership_controls", "rule.object_ownership"),
  ...cautions(
    "changes-storage",
    "aws_s3_bucket",
    [
      "cors_rule logging replication_configuration website request_payer lifecycle_rule object_lock_configuration",
      "object_lock_enabled server_side_encryption_configuration versioning",
    ].join(" "),
  ),
  ...lines("security-versioning-off", "aws_s3_bucket_versioning", [
    "versioning_configuration.mfa_delete",
    "Enabled",
    "Disabled",
  ]),
  ...cautions("changes-storage", "aws_s3_bucket_lifecycle_configuration", "transition_default_minimum_object_size"),
  ...lines(
    "security-key-weakened",
    "aws_kms_key",
    ["is_enabled", true, false],
    ["deletion_window_in_days", 30, 7],
    ["rotation_period_in_days", 365, 2560, "care"],
  ),
  ...cautions("changes-storage", "aws_kms_alias", "target_key_id"),
  ...cautions("changes-storage", "aws_ssm_parameter", "value insecure_value value_wo_version type key_id"),
  ...lines("changes-storage", "aws_secretsmanager_secret", ["recovery_window_in_days", 30, 7]),
  ...cautions("changes-storage", "aws_secretsmanager_secret", "replica kms_key_id"),
  ...lines("changes-storage", "aws_dynamodb_table", ["ttl.enabled", true, false, "care"]),

  ...lines(
    "loses-permissions",
    "aws_iam_role",
    ["managed_policy_arns", ["a", "b"], ["a"]],
    ["max_session_duration", 7200, 3600, "care"],
  ),
  ...cautions("loses-permissions", "aws_iam_role", "permissions_boundary"),
  ...lines("security-trust-widened", "aws_iam_role", ["max_session_duration", 3600, 43_200, "care"]),
  ...lines(
    "loses-permissions",
    "aws_iam_openid_connect_provider",
    ["client_id_list", ["a", "b"], ["a"]],
    ["thumbprint_list", ["a", "b"], ["a"], "care"],
  ),
  ...cautions("security-trust-widened", "aws_iam_openid_connect_provider", "client_id_list thumbprint_list"),
  ...cautions("security-function-opened", "aws_lambda_function_url", "cors"),
];
