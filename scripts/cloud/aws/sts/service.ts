import type { Service } from "../operation";
import { getCallerIdentity } from "./get-caller-identity";

/** Security Token Service. */
export const sts: Service = {
  name: "STS",
  target: "AWSSecurityTokenServiceV20110615",
  signingName: "sts",
  version: "2011-06-15",
  xmlNamespace: "https://sts.amazonaws.com/doc/2011-06-15/",
  operations: [getCallerIdentity],
  inputErrorType: () => "ValidationError",
};
