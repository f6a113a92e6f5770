import type { MetricsPart } from "../metrics/part";
import { ALB_NAMESPACE } from "../metrics/publication";
import type { CloudSettings } from "../settings";

type Dimensions = Readonly<Record<string, string>>;

const TARGET_CODES = ["", "", "2XX", "3XX", "4XX", "5XX"].map((family) => `HTTPCode_Target_${family}_Count`);

/** 5xx codes that have a metric of their own, beside HTTPCode_ELB_5XX_Count. */
const OWN_COUNT: ReadonlySet<number> = new Set([500, 502, 503, 504]);

/**
 * Publishes the metrics of an ALB with their documented dimensions. Counts of responses and errors are published only
 * when they are not 0, so without any the metric has no data.
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
export class Publisher {
  private readonly whole: Dimensions;

  /**
   * @param loadBalancer the LoadBalancer dimension, `app/<name>/<id>`
   * @param settings whether the load balancer's own 5xx responses also count for the target group
   */
  constructor(
    private readonly metrics: MetricsPart,
    private readonly loadBalancer: string,
    private readonly settings: Pick<CloudSettings, "loadBalancer5xxPerTargetGroup">,
  ) {
    this.whole = { LoadBalancer: loadBalancer };
  }

  /** Counts a response that the load balancer made itself. */
  loadBalancerResponse(status: number): void {
    this.ownResponse(this.whole, status);
  }

  /** Counts a fixed response, which is no error of the load balancer. */
  fixedResponse(): void {
    this.put(this.whole, "HTTP_Fixed_Response_Count", 1);
  }

  /** Makes the publisher of one target group. @param targetGroup the TargetGroup dimension */
  forTargetGroup(targetGroup: string): TargetGroupPublisher {
    const own: Dimensions = { TargetGroup: targetGroup, LoadBalancer: this.loadBalancer };
    const both = (metricName: string, value: number) => {
      this.put(own, metricName, value);
      this.put(this.whole, metricName, value);
    };
    return {
      request: () => both("RequestCount", 1),
      response: (status, seconds) => {
        const metricName = TARGET_CODES[Math.floor(status / 100)];
        if (metricName !== undefined) both(metricName, 1);
        if (seconds > 0) both("TargetResponseTime", seconds);
      },
      loadBalancerResponse: (status) => {
        this.loadBalancerResponse(status);
        if (status >= 500 && this.settings.loadBalancer5xxPerTargetGroup) this.ownResponse(own, status);
      },
      connectionError: () => both("TargetConnectionErrorCount", 1),
      hosts: (healthy, unhealthy) => {
        this.put(own, "HealthyHostCount", healthy);
        this.put(own, "UnHealthyHostCount", unhealthy);
      },
    };
  }

  private ownResponse(dimensions: Dimensions, status: number): void {
    this.put(dimensions, `HTTPCode_ELB_${Math.floor(status / 100)}XX_Count`, 1);
    if (OWN_COUNT.has(status)) this.put(dimensions, `HTTPCode_ELB_${status}_Count`, 1);
  }

  private put(dimensions: Dimensions, metricName: string, value: number): void {
    this.metrics.put({ namespace: ALB_NAMESPACE, metricName, dimensions, value });
  }
}

/** Publishes the metrics of one target group, and with them those of its load balancer. */
export interface TargetGroupPublisher {
  /** Counts a request for which a target was chosen; other requests don't count. */
  request(): void;
  /**
   * Counts a target's response.
   * @param seconds of simulated time from forwarding the request to the response's headers
   */
  response(status: number, seconds: number): void;
  /** Counts a response that the load balancer made in place of a target's. */
  loadBalancerResponse(status: number): void;
  /** Counts a connection to a target that failed. */
  connectionError(): void;
  /** Publishes how many targets are healthy and unhealthy; targets in their initial checks or draining are neither. */
  hosts(healthy: number, unhealthy: number): void;
}
