import type { MetricsPart } from "../metrics/part";
import { ALB_NAMESPACE } from "../metrics/publication";
import type { CloudSettings } from "../settings";

type Dimensions = Readonly<Record<string, string>>;

const TARGET_CODES = ["", "", "2XX", "3XX", "4XX", "5XX"].map((family) => `HTTPCode_Target_${family}_Count`);

/** 5xx codes that have a metric of their own besides HTTPCode_ELB_5XX_Count. */
const OWN_COUNT: ReadonlySet<number> = new Set([500, 502, 503, 504]);

/**
 * Publishes what an ALB publishes, with the dimensions of its reference: counts of responses and errors only when
 * there are any, so what is not there is missing and never 0.
 */
export class Publisher {
  private readonly whole: Dimensions;

  /**
   * @param loadBalancer the LoadBalancer dimension, `app/<name>/<id>`
   * @param settings whether its own 5xx responses count for the target group, too
   */
  constructor(
    private readonly metrics: MetricsPart,
    private readonly loadBalancer: string,
    private readonly settings: Pick<CloudSettings, "loadBalancer5xxPerTargetGroup">,
  ) {
    this.whole = { LoadBalancer: loadBalancer };
  }

  /** A response that the load balancer made itself. */
  loadBalancerResponse(status: number): void {
    this.ownResponse(this.whole, status);
  }

  /** The publisher of one target group. @param targetGroup the TargetGroup dimension */
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

/** What is published of one target group, and of the load balancer at the same time. */
export interface TargetGroupPublisher {
  /** A request for which a target was chosen; others do not count. */
  request(): void;
  /** A target's response. @param seconds of simulated time from forwarding the request to the response's headers */
  response(status: number, seconds: number): void;
  /** A response that the load balancer made in the place of one of its targets. */
  loadBalancerResponse(status: number): void;
  /** A connection to a target could not be established. */
  connectionError(): void;
  /** How many targets are healthy and unhealthy; those in their initial checks or draining are neither. */
  hosts(healthy: number, unhealthy: number): void;
}
