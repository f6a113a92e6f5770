import path from "node:path";
import type { TemplateFile } from "../../../scripts/rehearse/live/template-file";

/** The names of the service that main.tf makes, as `existing` in cdktf.json has them. */
export const EXISTING = {
  cluster: "Shared_Cluster",
  service: "checkout-svc",
  application: "Checkout,EU+1=web@x",
  deploymentGroup: "blue_green.checkout",
};

/** Its alarms on errors, of which the new version fires one. */
export const ERRORS = /^Checkout: 5xx of checkout-(blue|green) \(EU\)$/;

/**
 * What `npm run rehearse -- --from-live` writes about the service that main.tf makes, with stable ids and time. `npm test` plays
 * it, and existing.terraform.ts checks that it is still what would be written. To write it again:
 * `WRITE_LIVE_JSON=1 npm run test:terraform -- existing`, and `npm run format`.
 */
export const RECORDED = path.join(__dirname, "live.json");

/** The configuration's `context` by which somebody rehearses and releases the service: the code is the one of `orders`. */
export const CONTEXT = {
  defaults: { project: "checkout" },
  environments: {
    live: {
      region: "eu-central-1",
      existing: EXISTING,
      service: { source: "__tests__/fixtures/orders", container: "web", table: false, containerPort: 3000 },
      rehearsal: {
        command: ["python3", "-u", "server.py"],
        environment: { STORE: "local" },
        requests: [{ method: "POST", path: "/orders", body: { id: "${uuid}", n: "${counter}" }, expect: 201 }],
      },
    },
  },
};

/** The variables by which a command works on the environment of `CONTEXT`. */
export const VARIABLES = { ENVIRONMENT: "live", CDKTF_CONTEXT_JSON: JSON.stringify(CONTEXT) };

/**
 * A template file's content, in which each id that AWS chose is replaced by a number, in the order of their appearance. Terraform
 * sends the queries of metric math in any order, so they are sorted.
 */
export function withStableIds(content: string): unknown {
  const ids = new Map<string, string>();
  const stable = content.replace(/\b[0-9a-f]{16,17}\b/g, (id) => {
    const known = ids.get(id) ?? (ids.size + 1).toString(16).padStart(16, "0");
    ids.set(id, known);
    return known;
  });
  const file = JSON.parse(stable) as TemplateFile;
  const alarms = file.template.alarms.map(({ metrics, ...alarm }) => ({
    ...alarm,
    ...(metrics && { metrics: [...metrics].sort((one, other) => one.id.localeCompare(other.id)) }),
  }));
  return { ...file, readAt: "2026-01-01T00:00:00.000Z", template: { ...file.template, alarms } };
}
