import { conditionsMatcher, pathOf } from "../../../scripts/cloud/load-balancer/rule-conditions";
import type { RuleConditions } from "../../../scripts/cloud/template";

describe("the conditions of a rule", () => {
  const orders: RuleConditions = { hosts: ["orders.example.com"] };
  it.each<[RuleConditions, string | undefined, string, boolean]>([
    [{}, undefined, "/", true],
    [orders, "orders.example.com", "/", true],
    [orders, "ORDERS.example.com:8080", "/", true],
    [orders, "orders.example.com.", "/", false],
    [orders, "my-orders.example.com", "/", false],
    [orders, "ordersXexample.com", "/", false],
    [orders, undefined, "/", false],
    [{ hosts: ["*.example.com"] }, "a.b.example.com", "/", true],
    [{ hosts: ["*.example.com"] }, "example.com", "/", false],
    [{ hosts: ["shop-?.example.com"] }, "shop-1.example.com", "/", true],
    [{ hosts: ["shop-?.example.com"] }, "shop-.example.com", "/", false],
    [{ hosts: ["a.example.com", "b.example.com"] }, "b.example.com", "/", true],
    [{ paths: ["/orders/*"] }, undefined, "/orders/1?a=b", true],
    [{ paths: ["/orders/*"] }, undefined, "/orders", false],
    [{ paths: ["/orders/*"] }, undefined, "/Orders/1", false],
    [{ paths: ["/orders/*"] }, undefined, "/?to=/orders/1", false],
    [{ paths: ["/orders"] }, undefined, "/orders?page=2", true],
    [{ paths: ["/a+b", "/(c)"] }, undefined, "/(c)", true],
    [{ paths: ["*"] }, undefined, "", true],
    [{ ...orders, paths: ["/api/*"] }, "orders.example.com", "/api/1", true],
    [{ ...orders, paths: ["/api/*"] }, "orders.example.com", "/web", false],
    [{ ...orders, paths: ["/api/*"] }, "other.example.com", "/api/1", false],
  ])("%j: a request to the host %j and the path %s fits: %j", (conditions, host, url, fits) => {
    expect(conditionsMatcher(conditions)({ url, headers: host === undefined ? {} : { host } })).toBe(fits);
  });

  it.each([
    ["/orders?a=b?c", "/orders"],
    ["http://orders.example.com/orders?a=b", "/orders"],
    ["http://orders.example.com", ""],
    ["*", "*"],
  ])("compare of the target %s the path %j", (url, path) => {
    expect(pathOf(url)).toBe(path);
  });
});
