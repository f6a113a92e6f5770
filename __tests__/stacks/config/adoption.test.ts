import { loadConfig } from "../../../stacks/config";
import { containerName } from "../../../stacks/config/container-name";
import { readinessOf } from "../../../stacks/config/rehearsal-schema";
import { problemsOf, warningsOf } from "./problems-of";

const rehearsal = (over: object) => ({ rehearsal: over });
const requests = (...list: readonly unknown[]) => rehearsal({ requests: list });
const probe = (...list: readonly unknown[]) => ({ delivery: { probe: list } });
const before = (...list: readonly unknown[]) => rehearsal({ before: list });
const get = (over: object = {}) => ({ method: "GET", path: "/orders", ...over });
const create = { name: "create", method: "POST", path: "/orders" };
const EXISTING = { cluster: "shop", service: "orders", application: "orders", deploymentGroup: "live" };

const REFUSED: readonly (readonly [path: string, settings: object, why: string])[] = [
  ["service.source", { service: { source: "/srv/api" } }, "a path below the folder of cdktf.json"],
  ["service.source", { service: { source: "../api" } }, "without . and .."],
  ["service.source", { service: { source: "services/../../api" } }, "without . and .."],
  ["service.source", { service: { source: "." } }, "without . and .."],
  ["service.source", { service: { source: "./api" } }, "without . and .."],
  ["service.source", { service: { source: "api/" } }, "with / between its parts"],
  ["service.source", { service: { source: "services\\api" } }, "with / between its parts"],
  ["service.source", { service: { source: "C:/api" } }, "a path below the folder"],
  ["service.source", { service: { source: "" } }, "a folder such as api"],
  ["service.source", { service: { source: ["api"] } }, "a folder such as api"],
  ["service.container", { service: { container: "my.service" } }, "at most 255 letters, digits, - and _"],
  ["service.container", { service: { source: "services/my.service" } }, "(services/my.service) isn't one"],
  ["service.table", { service: { table: "no" } }, "true or false"],
  ["service.environment.TABLE_NAME", { service: { environment: { TABLE_NAME: "x" } } }, "reserved"],

  ["rehearsal.command", rehearsal({ command: "python3 server.py" }), 'such as ["python3", "server.py"]'],
  ["rehearsal.command", rehearsal({ command: [] }), "a program and its arguments"],
  ["rehearsal.command", rehearsal({ command: [" "] }), "a program and its arguments"],
  ["rehearsal.command.1", rehearsal({ command: ["node", 1] }), "a text"],
  ["rehearsal.environment.A", rehearsal({ environment: { A: 5432 } }), "5432 is not allowed; must be a string"],
  ["rehearsal.environment.PORT", rehearsal({ environment: { PORT: "80" } }), "set by the rehearsal"],
  ["rehearsal.environment.A-B", rehearsal({ environment: { "A-B": "1" } }), "letters, digits and _"],
  ["rehearsal.requests", requests(), "a list of at least one request"],
  ["rehearsal.requests", rehearsal({ requests: get() }), "a list of at least one request"],
  ["rehearsal.requests.0.path", requests({ method: "GET" }), "missing; must be a path that starts with one /"],
  ["rehearsal.requests.0.path", requests(get({ path: "http://localhost/" })), "a path that starts with one /"],
  ["rehearsal.requests.0.path", requests(get({ path: "//evil.example/" })), "a path that starts with one /"],
  ["rehearsal.requests.0.path", requests(get({ path: "/a b" })), "a path that starts with one /"],
  ["rehearsal.requests.0.path", requests(get({ path: "/a#b" })), "a path that starts with one /"],
  ["rehearsal.requests.0.path", requests(get({ path: "/${create" })), "a path that starts with one /"],
  ["rehearsal.requests.0.method", requests(get({ method: "get" })), '"GET", "HEAD", "POST"'],
  ["rehearsal.requests.0.name", requests(get({ name: "counter" })), "but not counter, uuid, title"],
  ["rehearsal.requests.0.name", requests(get({ name: "a.b" })), "letters, digits, spaces, - and _"],
  ["rehearsal.requests.1.name", requests(create, create), '"create" is also the name of 0'],
  ["rehearsal.requests.0.weight", requests(get({ weight: 0 })), "a number greater than 0"],
  ["rehearsal.requests.0.weights", requests(get({ weights: 1 })), "did you mean weight?"],
  ["rehearsal.requests.0.expect", requests(get({ expect: "200" })), "an HTTP status from 200 to 599"],
  ["rehearsal.requests.0.expect", requests(get({ expect: [] })), "an HTTP status from 200 to 599"],
  ["rehearsal.requests.0.expect", requests(get({ expect: [200, 200] })), "a list of different ones"],
  ["rehearsal.requests.0.expect", requests(get({ expect: 42 })), "an HTTP status from 200 to 599"],
  ["rehearsal.requests.0.expectBody", requests(get({ expectBody: {} })), "unknown key; known here: name, method, path"],
  ["rehearsal.requests.0.body", requests(get({ body: {} })), "left out with GET, which sends none"],
  ["rehearsal.requests.0.body", requests(get({ method: "HEAD", body: "x" })), "left out with HEAD, which sends none"],
  ["rehearsal.requests.0.headers.Host", requests(get({ headers: { Host: "a" } })), "set by the sender"],
  ["rehearsal.requests.0.headers.a", requests(get({ headers: { a: "b\nc" } })), "one line of printable"],
  ["rehearsal.requests.0.headers.a b", requests(get({ headers: { "a b": "c" } })), "not a header's name"],
  ["rehearsal.requests.0.headers.ACCEPT", requests(get({ headers: { accept: "a", ACCEPT: "b" } })), "there twice"],
  ["rehearsal.requests.0.path", requests(get({ path: "/orders/${foo.id}" })), "${foo.id} is no answer of an earlier"],
  ["rehearsal.requests.0.path", requests(get({ path: "/${title}" })), "known here: ${counter}, ${uuid} ("],
  ["rehearsal.requests.1.path", requests(get(), get({ path: "/${x.y}" })), "known here: ${counter}, ${uuid} ("],
  ["rehearsal.requests.0.path", requests({ ...create, path: "/${create.id}" }), "is no answer of an earlier request"],
  ["rehearsal.requests.0.path", requests(get({ path: "/${create.id}" }), create), "is no answer of an earlier"],
  ["rehearsal.requests.1.path", requests(create, get({ path: "/${create}" })), "must name a field of the answer"],
  ["rehearsal.requests.1.path", requests(create, get({ path: "/${create..id}" })), "must name a field of the answer"],
  ["rehearsal.requests.1.path", requests(create, get({ path: "/${Create.id}" })), "${create.<field>}"],
  ["rehearsal.requests.0.headers.a", requests(get({ headers: { a: "${}" } })), "${} is no answer"],
  ["rehearsal.requests.0.body.list.0.a", requests({ ...create, body: { list: [{ a: "${b.c}" }] } }), "${b.c} is no"],
  ["rehearsal.requests.0.body.${uuid}", requests({ ...create, body: { "${uuid}": 1 } }), "templates in keys"],
  [
    "rehearsal.requests.1.path",
    requests({ ...create, method: "HEAD" }, get({ path: "/${create.id}" })),
    "answers to HEAD have no body",
  ],
  ["rehearsal.module", rehearsal({ module: "../traffic.ts" }), "a path below the folder of cdktf.json"],
  ["rehearsal.module", rehearsal({ module: "traffic.py" }), "a module such as orders/traffic.ts"],
  ["rehearsal.module", rehearsal({ module: "a.ts", requests: [get()] }), "left out with rehearsal.requests"],
  ["rehearsal.before.0", before({}), "must have a command, an address that gets ready, or both"],
  ["rehearsal.before.0.ready", before({ ready: "localhost" }), "an address such as 127.0.0.1:5432"],
  ["rehearsal.before.0.ready", before({ ready: "localhost:0" }), "an address such as 127.0.0.1:5432"],
  ["rehearsal.before.0.ready", before({ ready: "localhost:70000" }), "an address such as 127.0.0.1:5432"],
  ["rehearsal.before.0.ready", before({ ready: "http://" }), "a URL with http:// or https://"],
  ["rehearsal.before.0.ready", before({ ready: "http://a:b@localhost/" }), "without a password"],
  ["rehearsal.before.0.ready", before({ ready: "ftp://localhost/" }), "a URL with http:// or https://"],
  [
    "rehearsal.before.0.environment.A-B",
    before({ command: ["a"], environment: { "A-B": "1" } }),
    "not a variable's name",
  ],
  ["rehearsal.before.0.environment", before({ ready: "a:1", environment: {} }), "left out without command"],
  [
    "rehearsal.before.0.readyTimeoutSeconds",
    before({ command: ["a"], readyTimeoutSeconds: 5 }),
    "left out without ready",
  ],
  ["rehearsal.faults", rehearsal({ faults: "both" }), '"cloud" or "service"'],

  ["delivery.probe", { delivery: { probe: {} } }, "a list of requests"],
  ["delivery.probe", probe(...Array.from({ length: 41 }, () => get())), "40 at most"],
  ["delivery.probe.0.weight", probe(get({ weight: 1 })), "unknown key"],
  ["delivery.probe.0.path", probe(get({ path: "/${counter}" })), "known here: ${title}, ${uuid}"],
  ["delivery.probe.0.always", probe(get({ always: "yes" })), "true or false"],
  ["delivery.probe.0.expectBody", probe(get({ expectBody: [] })), "an object of fields and their values"],
  ["delivery.probe.0.expectBody", probe(get({ method: "HEAD", expectBody: { a: 1 } })), "left out with HEAD"],
  ["delivery.probe.0.expectBody.a", probe(get({ expectBody: { a: "${x.y}" } })), "${x.y} is no answer"],

  ["existing.service", { existing: { ...EXISTING, service: undefined } }, "missing; must be the name of an ECS"],
  ["existing.cluster", { existing: { ...EXISTING, cluster: "arn:aws:ecs:eu-central-1:1:cluster/a" } }, "name or ARN"],
  ["existing.application", { existing: { ...EXISTING, application: " " } }, "1 to 100 characters"],
  ["existing.group", { existing: { ...EXISTING, group: "live" } }, "unknown key"],
];

describe("the configuration of a service of one's own", () => {
  it.each(REFUSED)("refuses %s: %j", (path, settings, why) => {
    const problems = problemsOf(settings);
    expect(problems).toEqual([expect.stringContaining(why)]);
    expect(problems[0]?.startsWith(`environments.staging.${path}: `)).toBe(true);
  });

  it("accepts requests with every template that has a value", () => {
    const body = { n: "${counter}", id: "${uuid}", note: "costs $${5}", list: [null, 1.5, true] };
    const settings = {
      ...requests(
        { ...create, headers: { "Content-Type": "application/json" }, body, weight: 0.5, expect: [200, 201] },
        get({ path: "/orders/${create.items.0.id}?q=${uuid}&n=${counter}", expect: 404 }),
        { method: "PUT", path: "/", body: "a=${create.id}" },
      ),
      ...probe({ ...create, body: { note: "${title}" } }, get({ expectBody: { note: "${title}" }, always: true })),
    };
    expect(problemsOf(settings)).toEqual([]);
  });

  it("accepts services of other names, places and kinds", () => {
    const service = { source: "services/billing", container: "Web_1", containerPort: 3000, table: false };
    const settings = {
      service: { ...service, environment: { TABLE_NAME: "their own" } },
      rehearsal: {
        command: ["python3", "-u", "server.py"],
        environment: { DATABASE_URL: "postgres://127.0.0.1/x?a=${b}" },
        before: [
          { command: ["postgres"], environment: { A: "1" }, ready: "127.0.0.1:5432", readyTimeoutSeconds: 5 },
          { ready: "http://[::1]:9200/health" },
          { command: ["createdb", "x"] },
        ],
        faults: "service",
      },
      existing: { ...EXISTING, cluster: "arn:aws:ecs:eu-central-1:123456789012:cluster/shop" },
    };
    expect(problemsOf(settings)).toEqual([]);
  });

  it("warns of a table that is protected and not there", () => {
    expect(warningsOf({ service: { table: false }, table: { deletionProtection: true } })).toEqual([
      "environments.staging.table.deletionProtection: true, but service.table is false: there is no table to protect",
    ]);
  });
});

describe("the traffic of an environment", () => {
  const rehearsalOf = (staging: object) =>
    loadConfig({
      environment: "staging",
      context: {
        defaults: { project: "carts-api", rehearsal: { module: "a.ts", faults: "service" } },
        environments: { staging },
      },
    }).rehearsal;

  it("is its own requests in place of the module of the defaults", () => {
    const { module, requests: list, faults } = rehearsalOf(requests(get()));
    expect({ module, list, faults }).toEqual({ module: undefined, list: [get()], faults: "service" });
  });

  it("is the module of the defaults when it sets neither", () => {
    expect(rehearsalOf(rehearsal({ faults: "cloud" }))).toMatchObject({ module: "a.ts", faults: "cloud" });
  });
});

describe("the name of the container", () => {
  it.each([
    [{ source: "api" }, "api"],
    [{ source: "services/billing" }, "billing"],
    [{ source: "services/billing", container: "web" }, "web"],
  ])("of %j is %s", (service, name) => {
    expect(containerName(service)).toBe(name);
  });
});

describe("what is waited for", () => {
  it.each([
    ["localhost:5432", { kind: "tcp", host: "localhost", port: 5432 }],
    ["[::1]:80", { kind: "tcp", host: "::1", port: 80 }],
    ["https://localhost/health", { kind: "http", url: new URL("https://localhost/health") }],
  ])("%s", (ready, expected) => {
    expect(readinessOf(ready)).toEqual(expected);
  });
});
