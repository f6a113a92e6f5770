import {
  attributeRules,
  changes,
  changesFrom,
  each,
  increases,
  isRemoved,
  losesElement,
  turnsOff,
  turnsOn,
  type AttributeRule,
} from "../attribute-rules";

const CUTS_TRAFFIC = "cuts-traffic";
const CHANGES_NETWORK = "changes-network";
const ENDPOINT = "aws_vpc_endpoint";
const RECORD = "aws_route53_record";
const SUBNET = "aws_subnet";

/** Attributes of networks, DNS records, certificates and firewalls. */
export const NETWORK_ATTRIBUTES: readonly AttributeRule[] = [
  ...attributeRules(
    "security-public-addresses",
    SUBNET,
    turnsOn("map_public_ip_on_launch", "new instances there can be reached from the internet"),
  ),
  ...attributeRules(
    CUTS_TRAFFIC,
    SUBNET,
    turnsOff(
      "map_public_ip_on_launch",
      "new instances there can reach the internet only through a NAT gateway",
      "caution",
    ),
    turnsOff("assign_ipv6_address_on_creation", "new instances there get no IPv6 address", "caution"),
    turnsOff("enable_dns64", "IPv6-only clients can't resolve names of IPv4-only hosts", "caution"),
    isRemoved("ipv6_cidr_block", "IPv6 stops working there"),
  ),
  ...attributeRules(
    CHANGES_NETWORK,
    SUBNET,
    ...each(
      [
        "assign_ipv6_address_on_creation enable_dns64 private_dns_hostname_type_on_launch enable_lni_at_device_index",
        "enable_resource_name_dns_a_record_on_launch enable_resource_name_dns_aaaa_record_on_launch",
        "map_customer_owned_ip_on_launch customer_owned_ipv4_pool ipv6_cidr_block",
      ].join(" "),
      (attribute) => changes(attribute, "new instances there get other addresses or names"),
    ),
  ),
  ...attributeRules(
    CUTS_TRAFFIC,
    "aws_vpc",
    turnsOff("assign_generated_ipv6_cidr_block", "IPv6 stops working in it"),
    isRemoved("ipv6_cidr_block", "IPv6 stops working in it"),
    ...each(
      "assign_generated_ipv6_cidr_block ipv6_cidr_block ipv6_ipam_pool_id ipv6_netmask_length ipv6_cidr_block_network_border_group instance_tenancy",
      (attribute) => changes(attribute, "new instances get other addresses, or run on other hardware"),
    ),
  ),
  ...attributeRules(
    CUTS_TRAFFIC,
    "aws_internet_gateway",
    changes("vpc_id", "the old network loses its connection to the internet", "danger"),
  ),
  ...attributeRules(
    CUTS_TRAFFIC,
    "aws_nat_gateway",
    ...each(
      "secondary_allocation_ids secondary_private_ip_addresses secondary_private_ip_address_count availability_zone_address",
      (attribute) => changes(attribute, "outgoing calls come from other addresses, which the receivers may not allow"),
    ),
  ),
  ...attributeRules(
    CUTS_TRAFFIC,
    "aws_eip",
    ...each("instance network_interface associate_with_private_ip", (attribute) =>
      changes(attribute, "its address leads to another target", "danger"),
    ),
  ),
  ...attributeRules(CUTS_TRAFFIC, "aws_route_table", losesElement("propagating_vgws", "its routes are removed")),
  ...attributeRules(
    CUTS_TRAFFIC,
    "aws_route_table_association",
    changes("route_table_id", "the subnet's traffic takes other routes, or has none", "danger"),
  ),
  ...attributeRules(
    CUTS_TRAFFIC,
    "aws_main_route_table_association",
    changes("route_table_id", "traffic of every subnet without a route table of its own takes other routes", "danger"),
  ),
  ...attributeRules(
    CUTS_TRAFFIC,
    ENDPOINT,
    losesElement("route_table_ids", "subnets with this route table no longer reach the service through it"),
    losesElement("subnet_ids", "clients in this subnet no longer reach the service through it"),
    losesElement("security_group_ids", "this group no longer decides who reaches the service"),
    turnsOff(
      "private_dns_enabled",
      "the service's name no longer leads to it, but to an address that may be unreachable",
    ),
    turnsOn(
      "private_dns_enabled",
      "calls to the service now use it, and its policy and security groups may block them",
      "caution",
    ),
    ...each("route_table_ids subnet_ids security_group_ids", (attribute) => changes(attribute, "more traffic uses it")),
    ...each("dns_options ip_address_type subnet_configuration", (attribute) =>
      changes(attribute, "the service has other addresses"),
    ),
  ),
  ...attributeRules(
    CUTS_TRAFFIC,
    RECORD,
    changes("failover_routing_policy", "primary and secondary record change", "danger"),
    ...each(
      [
        "latency_routing_policy geolocation_routing_policy geoproximity_routing_policy cidr_routing_policy",
        "multivalue_answer_routing_policy set_identifier",
      ].join(" "),
      (attribute) => changes(attribute, "the record is returned to other clients than before", "danger"),
    ),
    changes("health_check_id", "another health check decides whether it is returned"),
    turnsOff("alias.evaluate_target_health", "it is returned even when no target is healthy", "caution"),
    turnsOn("alias.evaluate_target_health", "it is not returned while no target is healthy", "caution"),
    increases("ttl", "later changes of it take effect later", "caution"),
  ),
  ...attributeRules(
    CHANGES_NETWORK,
    "aws_acm_certificate",
    changesFrom("options.certificate_transparency_logging_preference", ["ENABLED"], "browsers refuse it", "danger"),
    ...each("certificate_body certificate_chain private_key", (attribute) =>
      changes(attribute, "clients of names that it doesn't cover are refused"),
    ),
  ),
  ...attributeRules(
    "security-logs-off",
    "aws_wafv2_web_acl_logging_configuration",
    ...each("log_destination_configs logging_filter", (attribute) =>
      changes(attribute, "less is logged, or to another place"),
    ),
    isRemoved("redacted_fields", "fields that were redacted are logged now, and may hold secrets"),
    changes("redacted_fields", "other fields are redacted in the logs"),
  ),
  ...attributeRules(
    "changes-firewall",
    "aws_wafv2_web_acl",
    ...each(
      "rule_json token_domains association_config captcha_config challenge_config data_protection_config",
      (attribute) => changes(attribute, "it allows or blocks other requests"),
    ),
    turnsOff("visibility_config.cloudwatch_metrics_enabled", "blocked requests are no longer visible", "caution"),
    turnsOff("visibility_config.sampled_requests_enabled", "blocked requests are no longer visible", "caution"),
  ),
];
