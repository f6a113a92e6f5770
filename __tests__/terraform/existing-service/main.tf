# A service as another team could have made it: no name is like those of this project's stacks, TLS at the load balancer,
# rules of others on the listener, a sidecar, and alarms of many kinds. live.json beside this file is what
# `npm run rehearse -- --from-live` writes about it.
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "6.25.0"
    }
  }
}

locals {
  container = "web"
  port      = 3000
  colours   = toset(["checkout-blue", "checkout-green"])
}

resource "aws_vpc" "shared" {
  cidr_block = "10.20.0.0/16"
}

resource "aws_subnet" "shared" {
  count             = 2
  vpc_id            = aws_vpc.shared.id
  cidr_block        = cidrsubnet(aws_vpc.shared.cidr_block, 8, count.index)
  availability_zone = ["eu-central-1a", "eu-central-1b"][count.index]
}

resource "aws_security_group" "checkout" {
  name   = "checkout"
  vpc_id = aws_vpc.shared.id
}

resource "aws_lb" "edge" {
  name            = "edge"
  subnets         = aws_subnet.shared[*].id
  security_groups = [aws_security_group.checkout.id]
}

resource "aws_lb_target_group" "checkout" {
  for_each    = local.colours
  name        = each.key
  port        = local.port
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = aws_vpc.shared.id

  health_check {
    path     = "/ready"
    interval = 10
  }
}

resource "aws_lb_target_group" "legacy" {
  name     = "legacy"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.shared.id
}

resource "aws_acm_certificate" "shop" {
  domain_name       = "shop.example.com"
  validation_method = "DNS"
}

resource "aws_lb_listener" "web" {
  load_balancer_arn = aws_lb.edge.arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = aws_acm_certificate.shop.arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.checkout["checkout-blue"].arn
  }

  lifecycle {
    ignore_changes = [default_action]
  }
}

resource "aws_lb_listener_rule" "legacy" {
  listener_arn = aws_lb_listener.web.arn
  priority     = 10

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.legacy.arn
  }

  condition {
    path_pattern {
      values = ["/legacy/*"]
    }
  }
}

resource "aws_ecr_repository" "checkout" {
  name = "team/checkout"
}

resource "aws_iam_role" "codedeploy" {
  name = "Deployer"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "codedeploy.amazonaws.com" } }]
  })
}

resource "aws_ecs_cluster" "shared" {
  name = "Shared_Cluster"
}

resource "aws_ecs_task_definition" "checkout" {
  family                   = "Checkout_Family"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  container_definitions = jsonencode([
    {
      name              = local.container
      image             = "${aws_ecr_repository.checkout.repository_url}:v1"
      memoryReservation = 128
      portMappings      = [{ containerPort = local.port, protocol = "tcp" }]
      environment       = [{ name = "STORE", value = "postgres://checkout:secret@db/checkout" }]
      secrets           = [{ name = "STRIPE_KEY", valueFrom = "arn:aws:ssm:eu-central-1:123456789012:parameter/stripe" }]
    },
    { name = "metrics", image = "public.ecr.aws/exporter:1", essential = false, memoryReservation = 64 },
  ])
}

resource "aws_ecs_service" "checkout" {
  name            = "checkout-svc"
  cluster         = aws_ecs_cluster.shared.id
  task_definition = aws_ecs_task_definition.checkout.arn
  desired_count   = 2
  launch_type     = "FARGATE"

  deployment_controller {
    type = "CODE_DEPLOY"
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.checkout["checkout-blue"].arn
    container_name   = local.container
    container_port   = local.port
  }

  network_configuration {
    subnets         = aws_subnet.shared[*].id
    security_groups = [aws_security_group.checkout.id]
  }

  lifecycle {
    ignore_changes = [task_definition, load_balancer]
  }

  depends_on = [aws_lb_listener.web]
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  for_each            = local.colours
  alarm_name          = "Checkout: 5xx of ${each.key} (EU)"
  namespace           = "AWS/ApplicationELB"
  metric_name         = "HTTPCode_Target_5XX_Count"
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 2
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"

  dimensions = {
    LoadBalancer = aws_lb.edge.arn_suffix
    TargetGroup  = aws_lb_target_group.checkout[each.key].arn_suffix
  }
}

resource "aws_cloudwatch_metric_alarm" "error_rate" {
  alarm_name          = "checkout/error-rate > 20 %"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 3
  datapoints_to_alarm = 2
  threshold           = 20
  treat_missing_data  = "notBreaching"

  metric_query {
    id          = "rate"
    expression  = "100 * errors / requests"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = { errors = "HTTPCode_Target_5XX_Count", requests = "RequestCount" }
    content {
      id = metric_query.key
      metric {
        namespace   = "AWS/ApplicationELB"
        metric_name = metric_query.value
        period      = 60
        stat        = "Sum"
        dimensions  = { LoadBalancer = aws_lb.edge.arn_suffix }
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "cpu" {
  alarm_name          = "checkout/cpu"
  namespace           = "AWS/ECS"
  metric_name         = "CPUUtilization"
  statistic           = "Average"
  period              = 300
  evaluation_periods  = 2
  threshold           = 90
  comparison_operator = "GreaterThanThreshold"

  dimensions = {
    ClusterName = aws_ecs_cluster.shared.name
    ServiceName = aws_ecs_service.checkout.name
  }
}

resource "aws_cloudwatch_metric_alarm" "heartbeat" {
  alarm_name          = "checkout/orders stopped"
  namespace           = "Shop/Checkout"
  metric_name         = "Orders"
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 5
  threshold           = 1
  comparison_operator = "LessThanThreshold"
  treat_missing_data  = "breaching"
}

resource "aws_cloudwatch_metric_alarm" "unusual" {
  alarm_name          = "checkout/unusual latency"
  comparison_operator = "GreaterThanUpperThreshold"
  evaluation_periods  = 2
  threshold_metric_id = "expected"

  metric_query {
    id          = "expected"
    expression  = "ANOMALY_DETECTION_BAND(latency, 2)"
    return_data = true
  }

  metric_query {
    id          = "latency"
    return_data = true
    metric {
      namespace   = "AWS/ApplicationELB"
      metric_name = "TargetResponseTime"
      period      = 60
      stat        = "p95"
      dimensions  = { LoadBalancer = aws_lb.edge.arn_suffix }
    }
  }
}

resource "aws_codedeploy_deployment_config" "careful" {
  deployment_config_name = "checkout-careful"
  compute_platform       = "ECS"

  traffic_routing_config {
    type = "TimeBasedCanary"
    time_based_canary {
      percentage = 20
      interval   = 6
    }
  }
}

resource "aws_codedeploy_app" "checkout" {
  name             = "Checkout,EU+1=web@x"
  compute_platform = "ECS"
}

resource "aws_codedeploy_deployment_group" "checkout" {
  app_name               = aws_codedeploy_app.checkout.name
  deployment_group_name  = "blue_green.checkout"
  service_role_arn       = aws_iam_role.codedeploy.arn
  deployment_config_name = aws_codedeploy_deployment_config.careful.deployment_config_name

  alarm_configuration {
    enabled = true
    alarms = concat(
      [for alarm in aws_cloudwatch_metric_alarm.errors : alarm.alarm_name],
      [
        aws_cloudwatch_metric_alarm.error_rate.alarm_name,
        aws_cloudwatch_metric_alarm.cpu.alarm_name,
        aws_cloudwatch_metric_alarm.heartbeat.alarm_name,
        aws_cloudwatch_metric_alarm.unusual.alarm_name,
      ],
    )
  }

  auto_rollback_configuration {
    enabled = true
    events  = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"]
  }

  blue_green_deployment_config {
    deployment_ready_option {
      action_on_timeout = "CONTINUE_DEPLOYMENT"
    }
    terminate_blue_instances_on_deployment_success {
      action                           = "TERMINATE"
      termination_wait_time_in_minutes = 5
    }
  }

  deployment_style {
    deployment_option = "WITH_TRAFFIC_CONTROL"
    deployment_type   = "BLUE_GREEN"
  }

  ecs_service {
    cluster_name = aws_ecs_cluster.shared.name
    service_name = aws_ecs_service.checkout.name
  }

  load_balancer_info {
    target_group_pair_info {
      prod_traffic_route {
        listener_arns = [aws_lb_listener.web.arn]
      }
      dynamic "target_group" {
        for_each = aws_lb_target_group.checkout
        content {
          name = target_group.value.name
        }
      }
    }
  }
}
