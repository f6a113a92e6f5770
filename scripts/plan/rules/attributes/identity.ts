import {
  attributeRules,
  changes,
  decreases,
  each,
  increases,
  losesElement,
  type AttributeRule,
} from "../attribute-rules";

const ROLE = "aws_iam_role";
const PROVIDER = "aws_iam_openid_connect_provider";

/** Attributes of roles, identity providers and functions that decide about access, beside their policies. */
export const IDENTITY_ATTRIBUTES: readonly AttributeRule[] = [
  ...attributeRules(
    "loses-permissions",
    ROLE,
    losesElement("managed_policy_arns", "it has fewer permissions: actions that need them fail"),
    changes("permissions_boundary", "the boundary may allow less than its policies"),
    decreases("max_session_duration", "requests for a longer session are refused", "caution"),
  ),
  ...attributeRules(
    "security-trust-widened",
    ROLE,
    increases("max_session_duration", "stolen credentials stay valid for longer", "caution"),
  ),
  ...attributeRules(
    "loses-permissions",
    PROVIDER,
    losesElement("client_id_list", "workflows that use this audience can't log in"),
    losesElement("thumbprint_list", "its certificate may no longer be accepted, and nobody can log in", "caution"),
  ),
  ...attributeRules(
    "security-trust-widened",
    PROVIDER,
    ...each("client_id_list thumbprint_list", (attribute) => changes(attribute, "more tokens may be accepted")),
  ),
  ...attributeRules(
    "security-function-opened",
    "aws_lambda_function_url",
    changes("cors", "scripts of other websites may call the function"),
  ),
];
