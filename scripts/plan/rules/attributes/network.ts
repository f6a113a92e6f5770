import {
  changes,
  each,
  isRemoved,
  changesFrom,
  losesElement,
  turnsOff,
  turnsOn,
  increases,
  attributeRules,
  type AttributeRule,
} from "../attribute-rules";

const CUTS_TRAFFIC = "cuts-traffic";
const CHANGES_NETWORK = "changes-network";
const ENDPOINT = "aws_vpc_endpoint";
const RECORD = "aws_route53_record";
const SUBNET = "aws_subnet";

/** What traffic goes through on its way. */
export const NETWORK_ATTRIBUTES: readonly AttributeRule[] = [
  ...attributeRules(
    "security-public-addresses",
    SUBNET,
    turnsOn("map_public_ip_on_launch", "what starts there can be reached from the internet"),
  ),
  ...attributeRules(
    CUTS_TRAFFIC,
    SUBNET,
    turnsOff("map_public_ip_on_launch", "what starts there reaches nothing without a NAT", "care"),
    turnsOff("assign_ipv6_address_on_creation", "what starts there has no IPv6 address", "care"),
    turnsOff("enable_dns64", "what has only IPv6 finds no names of IPv4", "care"),
    isRemoved("ipv6_cidr_block", "IPv6 leads nowhere there"),
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
      (attribute) => changes(attribute, "what starts there has other addresses or names"),
    ),
  ),
  ...attributeRules(
    CUTS_TRAFFIC,
    "aws_vpc",
    turnsOff("assign_generated_ipv6_cidr_block", "IPv6 leads nowhere in it"),
    isRemoved("ipv6_cidr_block", "IPv6 leads nowhere in it"),
    ...each(
      "assign_generated_ipv6_cidr_block ipv6_cidr_block ipv6_ipam_pool_id ipv6_netmask_length ipv6_cidr_block_network_border_group instance_tenancy",
      (attribute) => changes(attribute, "what starts in it has other addresses, or another place"),
    ),
  ),
  ...attributeRules(
    CUTS_TRAFFIC,
    "aws_internet_gateway",
    changes("vpc_id", "the internet is cut off from the old network", "danger"),
  ),
  ...attributeRules(
    CUTS_TRAFFIC,
    "aws_nat_gateway",
    ...each(
      "secondary_allocation_ids secondary_private_ip_addresses secondary_private_ip_address_count availability_zone_address",
      (attribute) => changes(attribute, "calls go out from other addresses, which others may not know"),
    ),
  ),
  ...attributeRules(
    CUTS_TRAFFIC,
    "aws_eip",
    ...each("instance network_interface associate_with_private_ip", (attribute) =>
      changes(attribute, "its address leads elsewhere", "danger"),
    ),
  ),
  ...attributeRules(CUTS_TRAFFIC, "aws_route_table", losesElement("propagating_vgws", "its routes are gone")),
  ...attributeRules(
    CUTS_TRAFFIC,
    "aws_route_table_association",
    changes("route_table_id", "the subnet's traffic goes other ways, or none", "danger"),
  ),
  ...attributeRules(
    CUTS_TRAFFIC,
    "aws_main_route_table_association",
    changes("route_table_id", "traffic of every subnet without a table of its own goes other ways", "danger"),
  ),
  ...attributeRules(
    CUTS_TRAFFIC,
    ENDPOINT,
    losesElement("route_table_ids", "what is routed by it no longer reaches the service this way"),
    losesElement("subnet_ids", "what runs there no longer reaches the service this way"),
    losesElement("security_group_ids", "another group decides who reaches the service"),
    turnsOff("private_dns_enabled", "the service's name leads past it, to where there may be no way"),
    turnsOn(
      "private_dns_enabled",
      "the service's name leads to it, whatever its policy and groups let through",
      "care",
    ),
    ...each("route_table_ids subnet_ids security_group_ids", (attribute) =>
      changes(attribute, "more goes by it, or may do so"),
    ),
    ...each("dns_options ip_address_type subnet_configuration", (attribute) =>
      changes(attribute, "the service is found at other addresses"),
    ),
  ),
  ...attributeRules(
    CUTS_TRAFFIC,
    RECORD,
    changes("failover_routing_policy", "who is answered, and who stands by, changes", "danger"),
    ...each(
      [
        "latency_routing_policy geolocation_routing_policy geoproximity_routing_policy cidr_routing_policy",
        "multivalue_answer_routing_policy set_identifier",
      ].join(" "),
      (attribute) => changes(attribute, "others are led here, and some of those who were go elsewhere", "danger"),
    ),
    changes("health_check_id", "it is answered, or not, for other reasons"),
    turnsOff("alias.evaluate_target_health", "it is answered although nothing is healthy behind it", "care"),
    turnsOn("alias.evaluate_target_health", "it is not answered while nothing is healthy behind it", "care"),
    increases("ttl", "a later change of it is seen later", "care"),
  ),
  ...attributeRules(
    CHANGES_NETWORK,
    "aws_acm_certificate",
    changesFrom("options.certificate_transparency_logging_preference", ["ENABLED"], "browsers refuse it", "danger"),
    ...each("certificate_body certificate_chain private_key", (attribute) =>
      changes(attribute, "callers of names that it doesn't hold are turned away"),
    ),
  ),
  ...attributeRules(
    "security-logs-off",
    "aws_wafv2_web_acl_logging_configuration",
    ...each("log_destination_configs logging_filter", (attribute) =>
      changes(attribute, "less is logged, or elsewhere"),
    ),
    isRemoved("redacted_fields", "what was left out is logged now, which may be secrets"),
    changes("redacted_fields", "something else is left out of the logs"),
  ),
  ...attributeRules(
    "changes-firewall",
    "aws_wafv2_web_acl",
    ...each(
      "rule_json token_domains association_config captcha_config challenge_config data_protection_config",
      (attribute) => changes(attribute, "it lets through, or blocks, something else"),
    ),
    turnsOff("visibility_config.cloudwatch_metrics_enabled", "nobody sees what it blocks", "care"),
    turnsOff("visibility_config.sampled_requests_enabled", "nobody sees what it blocks", "care"),
  ),
];
