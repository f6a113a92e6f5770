import type { Check } from "./check";
import { notAllowed } from "./problems";

/** Checks what has to fit together in `encryption`. */
export const encryptionChecks: readonly Check[] = [
  (config, isValid) => {
    const path = "encryption.kmsKeyArn";
    if (!isValid("encryption", "region")) return [];
    const { customerManagedKey, kmsKeyArn } = config.encryption;
    if (kmsKeyArn === undefined) return [];
    if (!customerManagedKey) {
      return [notAllowed(config, path, "left out without encryption.customerManagedKey, which turns it on")];
    }
    return kmsKeyArn.split(":")[3] === config.region
      ? []
      : [notAllowed(config, path, `a key in ${config.region}, the region of the data`)];
  },
];
