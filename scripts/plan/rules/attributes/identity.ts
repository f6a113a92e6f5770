import {
  changes,
  each,
  decreases,
  losesElement,
  increases,
  attributeRules,
  type AttributeRule,
} from "../attribute-rules";

const ROLE = "aws_iam_role";
const PROVIDER = "aws_iam_openid_connect_provider";

/** Who may do what, beside what their policies say. */
export const IDENTITY_ATTRIBUTES: readonly AttributeRule[] = [
  ...attributeRules(
    "loses-permissions",
    ROLE,
    losesElement("managed_policy_arns", "it may do less: what needs more fails"),
    changes("permissions_boundary", "it may do less than its policies say"),
    decreases("max_session_duration", "who takes it on for longer is turned away", "care"),
  ),
  ...attributeRules(
    "security-trust-widened",
    ROLE,
    increases("max_session_duration", "a stolen session lasts longer", "care"),
  ),
  ...attributeRules(
    "loses-permissions",
    PROVIDER,
    losesElement("client_id_list", "workflows that name it can't log in"),
    losesElement("thumbprint_list", "its certificate may count as false, and nobody can log in", "care"),
  ),
  ...attributeRules(
    "security-trust-widened",
    PROVIDER,
    ...each("client_id_list thumbprint_list", (attribute) => changes(attribute, "more may log in by it")),
  ),
  ...attributeRules(
    "security-function-opened",
    "aws_lambda_function_url",
    changes("cors", "scripts of other sites may call the function"),
  ),
];
