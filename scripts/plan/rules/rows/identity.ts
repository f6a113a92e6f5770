import { alters, each, falls, loses, rises, rows, type Row } from "../in-place";

const ROLE = "aws_iam_role";
const PROVIDER = "aws_iam_openid_connect_provider";

/** Who may do what, beside what their policies say. */
export const IDENTITY_ROWS: readonly Row[] = [
  ...rows(
    "loses-rights",
    ROLE,
    loses("managed_policy_arns", "it may do less: what needs more fails"),
    alters("permissions_boundary", "it may do less than its policies say"),
    falls("max_session_duration", "who takes it on for longer is turned away", "care"),
  ),
  ...rows("door-trust-widened", ROLE, rises("max_session_duration", "a stolen session lasts longer", "care")),
  ...rows(
    "loses-rights",
    PROVIDER,
    loses("client_id_list", "workflows that name it can't log in"),
    loses("thumbprint_list", "its certificate may count as false, and nobody can log in", "care"),
  ),
  ...rows(
    "door-trust-widened",
    PROVIDER,
    ...each("client_id_list thumbprint_list", (attribute) => alters(attribute, "more may log in by it")),
  ),
  ...rows(
    "door-function-opened",
    "aws_lambda_function_url",
    alters("cors", "scripts of other sites may call the function"),
  ),
];
