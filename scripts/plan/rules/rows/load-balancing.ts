import { alters, becomes, each, falls, gone, leaves, off, on, rows, type Row } from "../in-place";

const CUTS = "cuts-traffic";
const LOOK = "changes-traffic";
const LB = "aws_lb";
const LISTENER = "aws_lb_listener";
const GROUP = "aws_lb_target_group";

/** What load balancers, listeners and target groups do with the traffic that goes through them. */
export const LOAD_BALANCING_ROWS: readonly Row[] = [
  ...rows(
    CUTS,
    LB,
    falls("idle_timeout", "requests that take longer are cut off"),
    falls("client_keep_alive", "clients lose their connections sooner", "care"),
    leaves("ip_address_type", ["dualstack", "dualstack-without-public-ipv4"], "who calls by IPv6 gets no answer"),
    becomes("ip_address_type", ["dualstack-without-public-ipv4"], "who calls by IPv4 gets no answer"),
    off("enable_http2", "gRPC needs HTTP/2, and browsers lose speed", "care"),
    off("enable_cross_zone_load_balancing", "targets of other zones get no traffic from a zone", "care"),
    off("enable_zonal_shift", "traffic can't be moved away from a zone that fails", "care"),
    falls("minimum_load_balancer_capacity.capacity_units", "a sudden rush meets less capacity", "care"),
    alters("xff_header_processing_mode", "the service sees other addresses of its clients"),
    ...each("preserve_host_header enable_xff_client_port enable_tls_version_and_cipher_suite_headers", (attribute) =>
      alters(attribute, "requests reach the service with other headers"),
    ),
    ...each("dns_record_client_routing_policy ipam_pools secondary_ips_auto_assigned_per_subnet", (attribute) =>
      alters(attribute, "clients reach it at other addresses"),
    ),
  ),
  ...rows(
    "door-smuggling-tolerated",
    LB,
    becomes("desync_mitigation_mode", ["monitor"], "requests that smuggle another one reach the service"),
    leaves("desync_mitigation_mode", ["strictest"], "ambiguous requests reach the service", "care"),
    becomes("desync_mitigation_mode", ["strictest"], "requests that don't follow the RFC are refused", "care"),
  ),
  ...rows(
    "door-private-link-unguarded",
    LB,
    leaves(
      "enforce_security_group_inbound_rules_on_private_link_traffic",
      ["on"],
      "security groups no longer guard what comes by PrivateLink",
    ),
  ),
  ...rows(
    LOOK,
    LB,
    ...each(
      "access_logs.bucket access_logs.prefix connection_logs.bucket connection_logs.prefix health_check_logs",
      (attribute) => alters(attribute, "logs are written elsewhere"),
    ),
  ),
  ...rows(
    CUTS,
    LISTENER,
    alters("protocol", "who calls by the old protocol gets no answer", "danger"),
    falls("tcp_idle_timeout_seconds", "connections that are quiet for longer are cut off"),
    alters("certificate_arn", "callers of names that it doesn't hold are turned away"),
    alters("alpn_policy", "clients may agree on another protocol"),
    on("mutual_authentication.ignore_client_certificate_expiry", "clients with expired certificates get in"),
    alters("mutual_authentication.trust_store_arn", "other clients are let in"),
    alters("mutual_authentication.advertise_trust_store_ca_names", "clients are asked for their certificate otherwise"),
  ),
  ...rows(
    "door-client-certificates-off",
    LISTENER,
    leaves("mutual_authentication.mode", ["verify"], "clients without a valid certificate get in"),
    becomes("mutual_authentication.mode", ["verify"], "clients without a valid certificate get no answer", "care"),
    alters("mutual_authentication.mode", "clients are asked for a certificate, or no more"),
  ),
  ...rows(
    "door-security-headers-off",
    LISTENER,
    ...each(
      [
        "routing_http_response_strict_transport_security_header_value",
        "routing_http_response_content_security_policy_header_value",
        "routing_http_response_x_content_type_options_header_value",
        "routing_http_response_x_frame_options_header_value",
      ].join(" "),
      (attribute) => gone(attribute, "browsers protect their users less"),
    ),
    becomes(
      "routing_http_response_access_control_allow_origin_header_value",
      ["*"],
      "any site's scripts may read answers",
    ),
    on("routing_http_response_access_control_allow_credentials_header_value", "scripts of other sites act as the user"),
  ),
  ...rows(
    LOOK,
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
      (attribute) => alters(attribute, "browsers treat answers otherwise"),
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
      (attribute) => alters(attribute, "the service finds this in another header, and a client may send the old one"),
    ),
  ),
  ...rows(
    CUTS,
    "aws_lb_listener_rule",
    alters("condition", "it takes other requests, and leaves others", "danger"),
    alters("transform", "requests reach the service changed, or as they are", "danger"),
    alters("priority", "rules are tried in another order: requests may go another way", "danger"),
  ),
  ...rows(
    CUTS,
    GROUP,
    falls("deregistration_delay", "requests in flight are cut off when tasks leave, as with every release"),
    on("connection_termination", "open connections are cut when tasks leave"),
    alters("proxy_protocol_v2", "a service that expects the other form understands no connection", "danger"),
    alters("preserve_client_ip", "tasks see other addresses, and security groups decide by them", "danger"),
    falls("slow_start", "new tasks get their full share at once", "care"),
    off("stickiness.enabled", "users lose the task that knows them", "care"),
    on("stickiness.enabled", "users stay with their task: a canary's share is not what it says", "care"),
    ...each("stickiness.cookie_duration stickiness.cookie_name stickiness.type", (attribute) =>
      alters(attribute, "users may lose the task that knows them"),
    ),
    ...each(
      "load_balancing_algorithm_type load_balancing_anomaly_mitigation load_balancing_cross_zone_enabled",
      (attribute) => alters(attribute, "traffic is spread over the tasks otherwise"),
    ),
    ...each("target_failover target_group_health target_health_state target_control_port", (attribute) =>
      alters(attribute, "traffic goes otherwise when tasks are unhealthy"),
    ),
    alters("lambda_multi_value_headers_enabled", "the function gets its headers in another form", "danger"),
  ),
  ...rows(LOOK, GROUP, alters("health_check.healthy_threshold", "tasks count as healthy sooner or later than before")),
];
