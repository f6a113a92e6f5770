import { UNKNOWN, valueAfter, type Change, type Unknown } from "../change";
import { recordsIn, textOf, valueAt, type Json, type JsonRecord } from "../json-values";

/**
 * The target groups to which the actions of a listener or a rule forward, after the change: of the short form
 * (`target_group_arn`) and of the long one (`forward`). UNKNOWN for one that is only known after apply.
 * (https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lb_listener_rule)
 * @param attribute `action` or `default_action`
 */
export function forwardsAfter(change: Change, attribute: string): readonly (string | Unknown)[] {
  return recordsIn(valueAt(change.after, [attribute])).flatMap((action, index) => {
    const groups = recordsIn(valueAt(action, ["forward", 0, "target_group"]));
    const paths = [
      [attribute, index, "target_group_arn"],
      ...groups.map((_, group) => [attribute, index, "forward", 0, "target_group", group, "arn"]),
    ];
    return paths
      .map((path) => valueAfter(change, path))
      .map((arn) => (arn === UNKNOWN ? UNKNOWN : textOf(arn)))
      .filter((arn) => arn !== "");
  });
}

/**
 * Actions in one form, so that those that do the same are equal: a forward in the short form is one in the long form with one
 * target group, whose weight and stickiness don't matter.
 */
export function inOneForm(actions: Json | undefined): readonly JsonRecord[] {
  return recordsIn(actions).map((action) => {
    const { target_group_arn: arn, forward, ...rest } = action;
    const [long] = recordsIn(forward);
    const groups = recordsIn(long?.["target_group"]);
    const targets: Json =
      groups.length > 1 ? { ...long } : groups.length === 1 ? (groups[0]?.["arn"] ?? null) : (arn ?? null);
    return { ...rest, targets };
  });
}
