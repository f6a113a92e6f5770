import { loadConfig } from "../../../stacks/config";
import { namesOf } from "../../../stacks/names";
import { problemsOf, warningsOf } from "./problems-of";

const ACCOUNTS = ["111111111111", "222222222222"] as const;
const load = (environment: string, settings: object) =>
  loadConfig({
    environment,
    context: { defaults: { project: "carts-api" }, environments: { [environment]: settings } },
  });

describe("the prefix of an environment's names", () => {
  it.each([
    ["billing", "staging", "billing-staging"],
    ["billing", "billing-staging", "billing-staging"],
    ["billing", "billings", "billing-billings"],
    ["billing", "billing", "billing-billing"],
  ])("of project %s in environment %s is %s", (project, environment, prefix) => {
    const names = namesOf(load(environment, { project }));
    expect(names).toMatchObject({ prefix, service: prefix, repository: project });
    expect(names.stateKeys.service).toBe(`${project}/${environment}/service.tfstate`);
  });
});

describe("two environments", () => {
  const others = { production: { project: "orders" } };

  it("of two projects with folders of their own don't meet", () => {
    const orders = { project: "orders", service: { source: "services/orders" } };
    const environments = {
      "orders-staging": orders,
      "billing-production": { project: "billing", service: { source: "services/billing" } },
      "orders-production": { ...orders, registry: { repository: "orders-production" } },
    };
    const staging = {
      project: "billing",
      service: { source: "services/billing" },
      registry: { repository: "billing-staging" },
    };
    expect(problemsOf(staging, { others: environments })).toEqual([]);
    expect(warningsOf(staging, { others: environments })).toEqual([]);
  });

  it("whose names are the same are refused", () => {
    const [problem, ...more] = problemsOf(
      { project: "orders" },
      { others: { "orders-staging": { project: "orders" } } },
    );
    expect(problem).toBe(
      "environments.orders-staging: its names start with orders-staging-, as every name in the environment staging does; choose another name",
    );
    expect(more).toEqual([]);
  });

  it.each([
    [{ project: "ab" }, { "staging-eu": { project: "ab" } }],
    [{ project: "tasks" }, { x: { project: "tasks-staging" } }],
    [{ project: undefined }, { "staging-eu": {} }],
  ])("of which one's names start with the other's are refused: %j, %j", (staging, environments) => {
    expect(problemsOf(staging, { others: environments })).toEqual([
      expect.stringMatching(/^environments\.(staging-eu|x): its names start with .*-staging-, as every name in/),
    ]);
  });

  it("meet also with a project's name of the defaults", () => {
    const written = { defaults: { project: "ab" }, others: { x: { project: "ab-staging" } } };
    expect(problemsOf({}, written)).toEqual([
      expect.stringContaining("environments.x: its names start with ab-staging-"),
    ]);
  });

  it("meet when only one has an account", () => {
    const [without, account] = [{ project: "orders" }, { project: "orders", account: ACCOUNTS[1] }];
    const problem = expect.stringContaining("environments.staging-eu: its names start with orders-staging-") as string;
    expect(problemsOf(without, { others: { "staging-eu": account } })).toEqual([problem]);
    expect(problemsOf(account, { others: { "staging-eu": without } })).toEqual([problem]);
  });

  it("don't meet in two accounts", () => {
    const elsewhere = { "staging-eu": { project: "orders", account: ACCOUNTS[1] } };
    expect(problemsOf({ project: "orders", account: ACCOUNTS[0] }, { others: elsewhere })).toEqual([]);
  });

  it("of one account can't have one repository", () => {
    const settings = { project: "orders", account: ACCOUNTS[0] };
    expect(problemsOf(settings, { others: { production: settings } })).toEqual([
      "environments.production.registry.repository: orders is also the repository of staging; choose another name",
    ]);
    expect(problemsOf(settings, { others: { production: { ...settings, region: "eu-west-1" } } })).toEqual([]);
    const own = { ...settings, registry: { repository: "orders-production" } };
    expect(problemsOf(settings, { others: { production: own } })).toEqual([]);
  });

  it("of unknown accounts are warned of one repository", () => {
    expect(problemsOf({ project: "orders" }, { others })).toEqual([]);
    expect(problemsOf({ project: "orders", account: ACCOUNTS[0] }, { others })).toEqual([]);
    expect(
      problemsOf({ project: "orders" }, { others: { production: { project: "orders", account: ACCOUNTS[0] } } }),
    ).toEqual([]);
    expect(warningsOf({ project: "orders" }, { others })).toEqual([
      "environments.production.registry.repository: orders is also the repository of staging; choose another name, " +
        "or set account in both if they have accounts of their own",
    ]);
  });

  it("with values of wrong types end in problems of these values", () => {
    const wrong = { production: { project: 5, account: {}, registry: [] }, test: null };
    expect(problemsOf({ project: ["a"] }, { others: wrong }).join("\n")).toMatch(/environments\.staging\.project: /);
    for (const project of [5, null]) {
      const settings = { project, account: ACCOUNTS[0] };
      expect(problemsOf(settings, { others: { "staging-eu": settings } })).toEqual([
        expect.stringMatching(/^environments\.staging\.project: /),
      ]);
    }
  });
});

describe("an environment's name", () => {
  it("may have 20 characters after the project's name", () => {
    const environment = `billing-${"e".repeat(20)}`;
    expect(load(environment, { project: "billing" }).environment).toBe(environment);
    expect(() => load(`${environment}e`, { project: "billing" })).toThrow("not a name for an environment");
    const context = { defaults: { project: "billing" }, environments: { [environment]: {} } };
    expect(loadConfig({ environment, context }).environment).toBe(environment);
  });

  it("may have 20 characters when no project is set", () => {
    const environment = `undefined-${"e".repeat(11)}`;
    expect(() => load(environment, {})).toThrow("not a name for an environment");
  });

  it("that is too long with the project in it is refused by its own length", () => {
    const environment = `a-long-project-${"e".repeat(20)}`;
    expect(() => load(environment, { project: "a-long-project" })).toThrow(
      /\.project: .* would be the name of a target group, and AWS allows 32; shorten the environment's name/,
    );
  });
});
