import {
  attributeRules,
  changes,
  changesFrom,
  changesTo,
  decreases,
  each,
  isRemoved,
  turnsOff,
  turnsOn,
  type AttributeRule,
} from "../attribute-rules";

const CUTS_TRAFFIC = "cuts-traffic";
const CHANGES_TRAFFIC = "changes-traffic";
const LB = "aws_lb";
const LISTENER = "aws_lb_listener";
const GROUP = "aws_lb_target_group";
/** Response headers that make browsers protect their users. */
const SECURITY_HEADERS = [
  "routing_http_response_strict_transport_security_header_value",
  "routing_http_response_content_security_policy_header_value",
  "routing_http_response_x_content_type_options_header_value",
  "routing_http_response_x_frame_options_header_value",
].join(" ");

/** Attributes of load balancers, listeners and target groups. */
export const LOAD_BALANCING_ATTRIBUTES: readonly AttributeRule[] = [
  ...attributeRules(
    CUTS_TRAFFIC,
    LB,
    decreases("idle_timeout", "requests that take longer are aborted"),
    decreases("client_keep_alive", "connections of clients are closed sooner", "caution"),
    changesFrom("ip_address_type", ["dualstack", "dualstack-without-public-ipv4"], "IPv6 clients get no answer"),
    changesTo("ip_address_type", ["dualstack-without-public-ipv4"], "IPv4 clients get no answer"),
    turnsOff("enable_http2", "gRPC needs HTTP/2, and browsers become slower", "caution"),
    turnsOff("enable_cross_zone_load_balancing", "a zone no longer sends traffic to targets of other zones", "caution"),
    turnsOff("enable_zonal_shift", "traffic can't be moved away from a zone that fails", "caution"),
    decreases(
      "minimum_load_balancer_capacity.capacity_units",
      "less capacity is ready for a sudden rise of traffic",
      "caution",
    ),
    changes("xff_header_processing_mode", "the service sees other client addresses"),
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
    changesTo("desync_mitigation_mode", ["monitor"], "request smuggling is no longer blocked"),
    changesFrom("desync_mitigation_mode", ["strictest"], "ambiguous requests reach the service", "caution"),
    changesTo("desync_mitigation_mode", ["strictest"], "requests that don't follow the RFC are refused", "caution"),
  ),
  ...attributeRules(
    "security-private-link-unguarded",
    LB,
    changesFrom(
      "enforce_security_group_inbound_rules_on_private_link_traffic",
      ["on"],
      "security groups no longer filter PrivateLink traffic",
    ),
  ),
  ...attributeRules(
    CHANGES_TRAFFIC,
    LB,
    ...each(
      "access_logs.bucket access_logs.prefix connection_logs.bucket connection_logs.prefix health_check_logs",
      (attribute) => changes(attribute, "logs are written to another place"),
    ),
  ),
  ...attributeRules(
    CUTS_TRAFFIC,
    LISTENER,
    changes("protocol", "clients of the old protocol get no answer", "danger"),
    decreases("tcp_idle_timeout_seconds", "connections that are idle for longer are closed"),
    changes("certificate_arn", "clients of names that the new certificate doesn't cover are refused"),
    changes("alpn_policy", "clients may negotiate another protocol"),
    turnsOn("mutual_authentication.ignore_client_certificate_expiry", "clients with expired certificates are accepted"),
    changes("mutual_authentication.trust_store_arn", "other clients are accepted"),
    changes(
      "mutual_authentication.advertise_trust_store_ca_names",
      "the server requests client certificates in another way",
    ),
  ),
  ...attributeRules(
    "security-client-certificates-off",
    LISTENER,
    changesFrom("mutual_authentication.mode", ["verify"], "clients without a valid certificate are accepted"),
    changesTo("mutual_authentication.mode", ["verify"], "clients without a valid certificate are refused", "caution"),
    changes("mutual_authentication.mode", "the server requests a client certificate, or no longer does"),
  ),
  ...attributeRules(
    "security-security-headers-off",
    LISTENER,
    ...each(SECURITY_HEADERS, (attribute) => isRemoved(attribute, "browsers protect their users less")),
    changesTo(
      "routing_http_response_access_control_allow_origin_header_value",
      ["*"],
      "scripts of any website may read responses",
    ),
    turnsOn(
      "routing_http_response_access_control_allow_credentials_header_value",
      "scripts of other websites can act as the user",
    ),
  ),
  ...attributeRules(
    CHANGES_TRAFFIC,
    LISTENER,
    ...each(
      [
        SECURITY_HEADERS,
        "routing_http_response_access_control_allow_origin_header_value",
        "routing_http_response_access_control_allow_credentials_header_value",
        "routing_http_response_access_control_allow_headers_header_value",
        "routing_http_response_access_control_allow_methods_header_value",
        "routing_http_response_access_control_expose_headers_header_value",
        "routing_http_response_access_control_max_age_header_value",
      ].join(" "),
      (attribute) => changes(attribute, "browsers handle responses in another way"),
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
      (attribute) => changes(attribute, "the service must read another header, and clients could forge the old one"),
    ),
  ),
  ...attributeRules(
    CUTS_TRAFFIC,
    "aws_lb_listener_rule",
    changes("condition", "it matches other requests than before", "danger"),
    changes("transform", "requests are rewritten in another way, or no longer", "danger"),
    changes("priority", "rules are evaluated in another order: requests may go to another target", "danger"),
  ),
  ...attributeRules(
    CUTS_TRAFFIC,
    GROUP,
    decreases(
      "deregistration_delay",
      "requests in flight are aborted when tasks are deregistered, which happens in every release",
    ),
    turnsOn("connection_termination", "open connections are closed when tasks are deregistered"),
    changes("proxy_protocol_v2", "a service that expects the other protocol can't read any connection", "danger"),
    changes(
      "preserve_client_ip",
      "tasks see other client addresses, and their security groups filter by these",
      "danger",
    ),
    decreases("slow_start", "new tasks get their full share of the traffic at once", "caution"),
    turnsOff("stickiness.enabled", "users no longer return to the task that has their session", "caution"),
    turnsOn(
      "stickiness.enabled",
      "users stay with their task: the canary gets another share than the configured one",
      "caution",
    ),
    ...each("stickiness.cookie_duration stickiness.cookie_name stickiness.type", (attribute) =>
      changes(attribute, "users may no longer return to the task that has their session"),
    ),
    ...each(
      "load_balancing_algorithm_type load_balancing_anomaly_mitigation load_balancing_cross_zone_enabled",
      (attribute) => changes(attribute, "traffic is distributed over the tasks in another way"),
    ),
    ...each("target_failover target_group_health target_health_state target_control_port", (attribute) =>
      changes(attribute, "traffic is routed in another way when tasks are unhealthy"),
    ),
    changes("lambda_multi_value_headers_enabled", "the function gets its headers in another format", "danger"),
  ),
  ...attributeRules(
    CHANGES_TRAFFIC,
    GROUP,
    changes("health_check.healthy_threshold", "tasks count as healthy after more or fewer checks"),
  ),
];
