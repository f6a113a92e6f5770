/** Names of secrets. */
const SECRET_NAME =
  /passw|passphrase|pwd|secret|token|webhook|credential|(?:api|access|auth|private|session|signing|account|storage|encryption|master|license|subscription|functions?)[_-]?key|requirepass|masterauth|(?:^|[_.-])pass$|^(?:proxy-?|x-)?authorization$|^(?:set-)?cookie$|^apikey$|^(?:bind)?pw$/i;
/** Environment variables are written in capitals: of these, every other name that ends in KEY is a secret too, e.g. STRIPE_KEY. */
const SECRET_VARIABLE = /^(?!.*(?:PUBLIC|KMS|HASH|RANGE|SORT|PARTITION|CACHE|OBJECT)_KEY)[A-Z\d_]*_KEY(?:_ID)?$/;
/** Condition keys of policies, e.g. `token.actions.githubusercontent.com:sub`, `git.example.com/_services/token:sub`: not secrets. */
const CONDITION_KEY = /^(?:[\w-]+\.)+[a-z]{2,}(?:\/[\w.~-]*)*:\w+$|^(?:aws|sts|secretsmanager):/;

/** Names in texts that only resemble those of secrets: `--password-file`, `token_endpoint`. */
const ABOUT_SECRETS =
  /[_.-](?:file|path|url|uri|endpoint|arn|name|type|ttl|policy|length|stdin|expir\w*|version|enabled|required|rotation|store|days|hours|minutes|seconds|count|limit)$|^no[_.-]|^get[_.-]/i;
/** Query parameters that hold a URL's signature. */
const SIGNATURE =
  /^(?:sig|signature|sharedaccesssignature|hmac|assertion|jwt|x-(?:amz|goog)-(?:signature|credential|security-token))$/i;

/** Whether a member, attribute or environment variable with this name holds a secret. */
export function isSecretName(name: string): boolean {
  return (SECRET_NAME.test(name) || SECRET_VARIABLE.test(name)) && !CONDITION_KEY.test(name);
}

/** Whether the value after a name in a text is a secret: `password=…`, `--api-key …`, `X-Amz-Signature=…`. */
export function isSecretLabel(label: string): boolean {
  const name = label.replace(/^-+/, "");
  const snake = name.replace(/([a-z\d])([A-Z])/g, "$1_$2");
  return (isSecretName(name) || SIGNATURE.test(name)) && !ABOUT_SECRETS.test(snake);
}
