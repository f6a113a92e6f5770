import {
  changes,
  changesTo,
  each,
  decreases,
  isRemoved,
  changesFrom,
  turnsOff,
  turnsOn,
  attributeRules,
  type AttributeRule,
} from "../attribute-rules";

const CUTS_TRAFFIC = "cuts-traffic";
const CHANGES_TRAFFIC = "changes-traffic";
const LB = "aws_lb";
const LISTENER = "aws_lb_listener";
const GROUP = "aws_lb_target_group";

/** What load balancers, listeners and target groups do with the traffic that goes through them. */
export const LOAD_BALANCING_ATTRIBUTES: readonly AttributeRule[] = [
  ...attributeRules(
    CUTS_TRAFFIC,
    LB,
    decreases("idle_timeout", "requests that take longer are cut off"),
    decreases("client_keep_alive", "clients lose their connections sooner", "care"),
    changesFrom("ip_address_type", ["dualstack", "dualstack-without-public-ipv4"], "who calls by IPv6 gets no answer"),
    changesTo("ip_address_type", ["dualstack-without-public-ipv4"], "who calls by IPv4 gets no answer"),
    turnsOff("enable_http2", "gRPC needs HTTP/2, and browsers lose speed", "care"),
    turnsOff("enable_cross_zone_load_balancing", "targets of other zones get no traffic from a zone", "care"),
    turnsOff("enable_zonal_shift", "traffic can't be moved away from a zone that fails", "care"),
    decreases("minimum_load_balancer_capacity.capacity_units", "a sudden rush meets less capacity", "care"),
    changes("xff_header_processing_mode", "the service sees other addresses of its clients"),
    ...each("preserve_host_header enable_xff_client_port enable_tls_version_and_cipher_suite_headers", (attribute) =>
      changes(attribute, "requests reach the service with other headers"),
    ),
    ...each("dns_record_client_routing_policy ipam_pools secondary_ips_auto_assigned_per_subnet", (attribute) =>
      changes(attribute, "clients reach it at other addresses"),
    ),
  ),
  ...attributeRules(
    "security-smuggling-tolerated",
    LB,
    changesTo("desync_mitigation_mode", ["monitor"], "requests that smuggle another one reach the service"),
    changesFrom("desync_mitigation_mode", ["strictest"], "ambiguous requests reach the service", "care"),
    changesTo("desync_mitigation_mode", ["strictest"], "requests that don't follow the RFC are refused", "care"),
  ),
  ...attributeRules(
    "security-private-link-unguarded",
    LB,
    changesFrom(
      "enforce_security_group_inbound_rules_on_private_link_traffic",
      ["on"],
      "security groups no longer guard what comes by PrivateLink",
    ),
  ),
  ...attributeRules(
    CHANGES_TRAFFIC,
    LB,
    ...each(
      "access_logs.bucket access_logs.prefix connection_logs.bucket connection_logs.prefix health_check_logs",
      (attribute) => changes(attribute, "logs are written elsewhere"),
    ),
  ),
  ...attributeRules(
    CUTS_TRAFFIC,
    LISTENER,
    changes("protocol", "who calls by the old protocol gets no answer", "danger"),
    decreases("tcp_idle_timeout_seconds", "connections that are quiet for longer are cut off"),
    changes("certificate_arn", "callers of names that it doesn't hold are turned away"),
    changes("alpn_policy", "clients may agree on another protocol"),
    turnsOn("mutual_authentication.ignore_client_certificate_expiry", "clients with expired certificates get in"),
    changes("mutual_authentication.trust_store_arn", "other clients are let in"),
    changes(
      "mutual_authentication.advertise_trust_store_ca_names",
      "clients are asked for their certificate otherwise",
    ),
  ),
  ...attributeRules(
    "security-client-certificates-off",
    LISTENER,
    changesFrom("mutual_authentication.mode", ["verify"], "clients without a valid certificate get in"),
    changesTo("mutual_authentication.mode", ["verify"], "clients without a valid certificate get no answer", "care"),
    changes("mutual_authentication.mode", "clients are asked for a certificate, or no more"),
  ),
  ...attributeRules(
    "security-security-headers-off",
    LISTENER,
    ...each(
      [
        "routing_http_response_strict_transport_security_header_value",
        "routing_http_response_content_security_policy_header_value",
        "routing_http_response_x_content_type_options_header_value",
        "routing_http_response_x_frame_options_header_value",
      ].join(" "),
      (attribute) => isRemoved(attribute, "browsers protect their users less"),
    ),
    changesTo(
      "routing_http_response_access_control_allow_origin_header_value",
      ["*"],
      "any site's scripts may read answers",
    ),
    turnsOn(
      "routing_http_response_access_control_allow_credentials_header_value",
      "scripts of other sites act as the user",
    ),
  ),
  ...attributeRules(
    CHANGES_TRAFFIC,
    LISTENER,
    ...each(
      [
        "routing_http_response_strict_transport_security_header_value",
        "routing_http_response_content_security_policy_header_value",
        "routing_http_response_x_content_type_options_header_value",
        "routing_http_response_x_frame_options_header_value",
        "routing_http_response_access_control_allow_origin_header_value",
        "routing_http_response_access_control_allow_credentials_header_value",
        "routing_http_response_access_control_allow_headers_header_value",
        "routing_http_response_access_control_allow_methods_header_value",
        "routing_http_response_access_control_expose_headers_header_value",
        "routing_http_response_access_control_max_age_header_value",
      ].join(" "),
      (attribute) => changes(attribute, "browsers treat answers otherwise"),
    ),
    ...each(
      [
        "routing_http_request_x_amzn_mtls_clientcert_header_name",
        "routing_http_request_x_amzn_mtls_clientcert_issuer_header_name",
        "routing_http_request_x_amzn_mtls_clientcert_leaf_header_name",
        "routing_http_request_x_amzn_mtls_clientcert_serial_number_header_name",
        "routing_http_request_x_amzn_mtls_clientcert_subject_header_name",
        "routing_http_request_x_amzn_mtls_clientcert_validity_header_name",
        "routing_http_request_x_amzn_tls_cipher_suite_header_name",
        "routing_http_request_x_amzn_tls_version_header_name",
      ].join(" "),
      (attribute) => changes(attribute, "the service finds this in another header, and a client may send the old one"),
    ),
  ),
  ...attributeRules(
    CUTS_TRAFFIC,
    "aws_lb_listener_rule",
    changes("condition", "it takes other requests, and leaves others", "danger"),
    changes("transform", "requests reach the service changed, or as they are", "danger"),
    changes("priority", "rules are tried in another order: requests may go another way", "danger"),
  ),
  ...attributeRules(
    CUTS_TRAFFIC,
    GROUP,
    decreases("deregistration_delay", "requests in flight are cut off when tasks leave, as with every release"),
    turnsOn("connection_termination", "open connections are cut when tasks leave"),
    changes("proxy_protocol_v2", "a service that expects the other form understands no connection", "danger"),
    changes("preserve_client_ip", "tasks see other addresses, and security groups decide by them", "danger"),
    decreases("slow_start", "new tasks get their full share at once", "care"),
    turnsOff("stickiness.enabled", "users lose the task that knows them", "care"),
    turnsOn("stickiness.enabled", "users stay with their task: a canary's share is not what it says", "care"),
    ...each("stickiness.cookie_duration stickiness.cookie_name stickiness.type", (attribute) =>
      changes(attribute, "users may lose the task that knows them"),
    ),
    ...each(
      "load_balancing_algorithm_type load_balancing_anomaly_mitigation load_balancing_cross_zone_enabled",
      (attribute) => changes(attribute, "traffic is spread over the tasks otherwise"),
    ),
    ...each("target_failover target_group_health target_health_state target_control_port", (attribute) =>
      changes(attribute, "traffic goes otherwise when tasks are unhealthy"),
    ),
    changes("lambda_multi_value_headers_enabled", "the function gets its headers in another form", "danger"),
  ),
  ...attributeRules(
    CHANGES_TRAFFIC,
    GROUP,
    changes("health_check.healthy_threshold", "tasks count as healthy sooner or later than before"),
  ),
];
