import { judge, RULES } from "../../scripts/plan/judge";
import { ALARMS } from "./cases/alarms";
import { GROUPS } from "./cases/deployment-group";
import { LOSSES } from "./cases/loss";
import { OPENINGS, TEST_PORT } from "./cases/openings";
import { PERMISSIONS } from "./cases/permissions";
import { PROTECTIONS } from "./cases/protections";
import { create, destroy, keep, planned, replace, type ResourceChange } from "./plan-fixture";

const CASES = [...LOSSES, ...ALARMS, ...GROUPS, ...OPENINGS, ...PERMISSIONS, ...PROTECTIONS];
const opinions = (rule: string, changes: readonly ResourceChange[]) =>
  judge(planned(...changes), { testPort: TEST_PORT }).filter((finding) => finding.rule === rule);

describe("the rules of the plan review", () => {
  it.each(CASES.map((one) => [one.rule, one.when, one] as const))("%s speaks up when %s", (rule, _when, one) => {
    const found = opinions(rule, one.trips);
    expect(found.length).toBeGreaterThan(0);
    expect(found.map(({ says }) => says).join("\n")).toMatch(one.says);
    const levels = one.level === "both" ? ["danger", "caution"] : [one.level ?? "danger"];
    expect(new Set(found.map(({ level }) => level))).toEqual(new Set(levels));
  });

  it.each(CASES.map((one) => [one.rule, one.when, one] as const))(
    "%s is silent about what is near: not %s",
    (rule, _when, one) => {
      expect(opinions(rule, one.silent)).toEqual([]);
    },
  );

  it("has a case for every rule, and no rule twice", () => {
    const ids = RULES.map(({ id }) => id);
    expect(new Set(CASES.map(({ rule }) => rule))).toEqual(new Set(ids));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("a plan as a whole", () => {
  it("has nothing to say of what stays, and of what only moves in the state", () => {
    const moved = { ...keep("aws_lb", { name: "a" }), previous_address: "aws_lb.was" };
    expect(judge(planned(keep("aws_dynamodb_table"), moved))).toEqual([]);
  });

  it("tells the dangers first", () => {
    const found = judge(planned(destroy("aws_iam_role_policy"), destroy("aws_dynamodb_table")));
    expect(found.map(({ level }) => level)).toEqual(["danger", "caution"]);
  });

  it("names the attribute for which something is replaced", () => {
    const change = replace("aws_dynamodb_table", {}, {}, { replace_paths: [["attribute", 0, "name"]] });
    expect(judge(planned(change))[0]?.says).toMatch(/attribute\.name can't be changed in place/);
  });

  it("says no sensitive value", () => {
    const hidden = create(
      "aws_vpc_security_group_ingress_rule",
      { security_group_id: "sg-1", cidr_ipv4: "198.51.100.0/24", ip_protocol: "tcp", from_port: 80, to_port: 80 },
      { after_sensitive: { cidr_ipv4: true } },
    );
    const [finding] = judge(planned(hidden));
    expect(finding?.says).toBe("port 80 is opened to (sensitive)");
  });
});
