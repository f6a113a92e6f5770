import { refusalOf } from "../../../scripts/cloud/aws/admission";
import { pathAndQuery, queryOf } from "../../../scripts/cloud/aws/request-target";

const refused = (headers: Readonly<Record<string, string>>, url = "/") => refusalOf({ url, headers })?.message;

describe("the admission of a request", () => {
  it.each([
    "127.0.0.1:4566",
    "127.0.0.1",
    "127.1.2.3:1",
    "localhost:4566",
    "LOCALHOST",
    "[::1]:4566",
    "[::1]",
    "localhost:",
  ])("admits the host %s", (host) => {
    expect(refused({ host })).toBeUndefined();
  });

  it.each([
    "evil.example",
    "evil.example:4566",
    "127.0.0.1.evil.example",
    "127.0.0.1@evil.example",
    "evil.example#127.0.0.1",
    "localhost.evil.example",
    "evil-localhost",
    "0.0.0.0:4566",
    "192.168.1.2",
    "[::]",
    "[::ffff:1.2.3.4]",
    "127.0.0.256",
    "127.evil",
    "[::1",
    "a b",
    "",
  ])("refuses the host %p", (host) => {
    expect(refused({ host })).toContain(`not to ${JSON.stringify(host)}. Use the endpoint`);
  });

  it("refuses a request without a host", () => {
    expect(refused({})).toContain("answers only to a Host");
  });

  it("refuses an absolute target on another host, whatever the Host header", () => {
    expect(refused({ host: "127.0.0.1" }, "http://evil.example/")).toContain('"evil.example"');
    expect(refused({ host: "127.0.0.1" }, "http://localhost:1/")).toBeUndefined();
  });

  it.each(["http://evil.example", "https://127.0.0.1:1", "http://localhost:1", "http://127.0.0.1:2", "null", ""])(
    "refuses the origin %p",
    (origin) => {
      expect(refused({ host: "127.0.0.1:1", origin })).toContain("answers to no web page");
    },
  );

  it("admits an Origin that is the endpoint itself", () => {
    expect(refused({ host: "LocalHost:1", origin: "http://localhost:1" })).toBeUndefined();
  });

  it.each([
    ["cross-site", false],
    ["same-site", false],
    ["nonsense", false],
    ["same-origin", true],
    ["none", true],
  ])("decides about Sec-Fetch-Site %s: admitted %p", (site, may) => {
    expect(refused({ host: "127.0.0.1", "sec-fetch-site": site }) === undefined).toBe(may);
  });

  it("ignores the headers that a proxy adds", () => {
    expect(refused({ host: "127.0.0.1", "x-forwarded-host": "evil.example", forwarded: "host=a" })).toBeUndefined();
  });
});

describe("a request target", () => {
  it.each([
    ["/", "/", ""],
    ["/?a=b", "/?a=b", "a=b"],
    ["//", "//", ""],
    ["//[?a", "//[?a", "a"],
    ["/%", "/%", ""],
    ["*", "/*", ""],
    ["", "/", ""],
    ["http://127.0.0.1:1/service/x?a#b?c", "/service/x?a#b?c", "a"],
    ["http://[::1", "/", ""],
    ["http://a?b", "/?b", "b"],
    ["?a=b", "/?a=b", "a=b"],
  ])("%p has path and query", (target, path, query) => {
    expect([pathAndQuery(target), queryOf(target)]).toEqual([path, query]);
  });
});
