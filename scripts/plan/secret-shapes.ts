import { isSecretLabel } from "./secret-names";
import { tokenSpans } from "./secret-tokens";

/** Start and end of a part of a text. */
export type Span = readonly [start: number, end: number];

/** How many encodings (base64, percent) within each other are decoded to find a secret. */
const MAX_LAYERS = 3;

/**
 * The parts of a text that have the shape of a secret, e.g. in a URL, a connection string, a command line or a header. They are
 * in order and don't overlap. Pure.
 * @param layer how many encodings the text was decoded from
 */
export function secretSpans(text: string, layer = 0): readonly Span[] {
  if (text.length < 6 || layer > MAX_LAYERS) return [];
  return merged([
    ...userinfoSpans(text),
    ...labelledSpans(text),
    ...groupSpans(text, COLON),
    ...querySpans(text, layer),
    ...commandSpans(text),
    ...HIDDEN_PARTS.flatMap((pattern) => groupSpans(text, pattern)),
    ...encodedSpans(text, layer),
    ...tokenSpans(text),
  ]);
}

/** Patterns whose last group is a secret: credentials in headers, and paths of webhooks. */
const HIDDEN_PARTS: readonly RegExp[] = [
  /\bBearer\s+((?=[\w+/.~-]*\d)[\w+/.~-]{8,}=*|[\w+/.~-]{20,}=*)/gi,
  /\/\/hooks\.slack\.com\/(?:services|workflows|triggers)\/([^\s"'<>?#]+)/gi,
  /\/\/(?:\w+\.)?discord(?:app)?\.com\/api\/webhooks\/([^\s"'<>?#]+)/gi,
  /\/\/[\w.-]*webhook\.office\.com\/([^\s"'<>?#]+)/gi,
  /\/\/api\.telegram\.org\/bot([^\s"'<>/?#]+)/gi,
  /\/\/events\.(?:\w+\.)?pagerduty\.com\/integration\/([^\s"'<>/?#]+)/gi,
  /\/\/hooks\.zapier\.com\/hooks\/([^\s"'<>?#]+)/gi,
  /\/\/outlook\.office(?:365)?\.com\/webhook\/([^\s"'<>?#]+)/gi,
  /\/\/open\.(?:feishu\.cn|larksuite\.com)\/open-apis\/bot\/v2\/hook\/([^\s"'<>?#]+)/gi,
  /\/\/maker\.ifttt\.com\/trigger\/[^\s/]+\/(?:json\/)?with\/key\/([^\s"'<>?#]+)/gi,
  /\/\/hook\.(?:\w+\.)?make\.com\/([^\s"'<>?#]+)/gi,
  /\/\/alert\.victorops\.com\/integrations\/\w+\/\d+\/alert\/([^\s"'<>?#/]+)/gi,
  /\/\/hc-ping\.com\/([^\s"'<>?#]+)/gi,
  // Webhooks of Mattermost, on any host.
  /:\/\/[^\s/]+\/hooks\/([a-z0-9]{26})(?![\w-])/g,
  /\bAuthorization:\s*Digest\s+(\S[^\n\r]*)/gi,
  // XML: an element, and a pair of attributes as in .NET settings.
  /<[\w.:-]*(?:password|passwd|secret|token|(?:api|secret|access|private)[._-]?key)>([^<]+)(?=<\/)/gi,
  /\b(?:key|name)=\\?["'][^"'\\]*(?:passw(?:or)?d|secret|token|(?:api|access)[._-]?key)\\?["']\s+value=\\?["']([^"'\\]+)/gi,
];

/** The password in a URL's userinfo, which may contain an unescaped `@` or `/`; or a user name without password that looks like a token. */
const USERINFO: readonly RegExp[] = [
  /:\/\/[^\s/?#:@"'<>]*:([^\s/?#"'<>]+)@/g,
  /:\/\/[^\s/?#:@"'<>[\]]*:(?!\d+(?:[/?#\s]|$))([^\s"'<>,;]+)@/g,
  /:\/\/(?=[^\s/?#:@"'<>]*\d)([\w.~%-]{20,})@/g,
  /\bjdbc:oracle:\w+:[^\s/@:]+\/([^\s@]+)@/g,
  // The connection strings of Go's MySQL driver and Oracle's short form have no scheme.
  /(?<![\w/])[\w.%-]+:([^\s@"'/]+)(?=@(?:tcp[46]?|unix|udp)\()/g,
  /(?<![\w/:.])[\w$#]+\/([^\s@"'/]+)(?=@\/\/)/g,
];

function userinfoSpans(text: string): readonly Span[] {
  return text.includes("@") ? USERINFO.flatMap((pattern) => groupSpans(text, pattern)) : [];
}

/** `name=value`, `name: value`, `"name":"value"`; and `--name value`. */
const LABELLED =
  /(?<![\w.%-])(?<label>-{0,2}[A-Za-z_][\w.-]{0,80})(?:(?:\\?["'])?(?:\s*(?:=>|:=|=)\s*|\s*:(?:[^\S\n]+|(?=\\?["'])))|(?<=(?<![\w.%-])-{1,2}[A-Za-z_][\w.-]*)[^\S\n]+(?!-))/g;
/** Values that refer to a secret and don't hold it: a variable, a placeholder, an ARN. */
const REFERENCE = /^(?:\$\{[^}]*\}|\$\([^)]*\)|\$[A-Z_][A-Z\d_]*\b|%\w+%|\{\{.*?\}\}|<[\w -]+>|arn:|\(sensitive\))/;

/** `/password:value`, as in options of Windows programs. Not `secret:value`, which occurs in ARNs. */
const COLON = /(?<![\w.%-])[\w-]*(?:passw(?:or)?d|passphrase|pwd):(?![\s/"'\\])([^\s"'`;,}]+)/gi;

function labelledSpans(text: string): readonly Span[] {
  return [...text.matchAll(LABELLED)].flatMap((match): readonly Span[] => {
    const { label = "" } = match.groups ?? {};
    if (!isSecretLabel(label)) return [];
    const start = match.index + match[0].length;
    const span = valueSpan(text, start, text[match.index - 1] ?? "", /:\s*$/.test(match[0]));
    const value = text.slice(...span);
    const harmless = value === "" || REFERENCE.test(value) || (/tokens$/i.test(label) && /^\d+$/.test(value));
    return harmless ? [] : [span];
  });
}

/** The span of the value that starts at a position: up to its closing quote, or to the character that ends a value in this kind of text. */
function valueSpan(text: string, start: number, lead: string, isHeader: boolean): Span {
  const quote = /^(?:\\?["'`])/.exec(text.slice(start, start + 2))?.[0];
  if (quote !== undefined) {
    const end = text.indexOf(quote, start + quote.length);
    return [start + quote.length, end === -1 ? text.length : end];
  }
  // ODBC writes a value that contains a semicolon in braces.
  if (text[start] === "{" && text[start + 1] !== "{" && text.includes("}", start)) {
    return [start, text.indexOf("}", start) + 1];
  }
  const ends = isHeader
    ? /[\n\r"'`]/
    : ["?", "&", "#"].includes(lead)
      ? /[&#;\s"'<>]/
      : /;\s*[\w .-]+=|;\s*$/.test(text)
        ? /[;\n\r]/
        : /\s|["'`]|,(?=\s*[\w .-]+=)/;
  const length = text.slice(start).search(ends);
  return [start, length === -1 ? text.length : start + length];
}

/** Query parameters, and names that are secret only when the value looks random. */
const QUERY = /[?&#]([\w.%~-]+)=([^&#\s"'<>]*)/g;
const DOUBTFUL = /^(?:key|code|auth|hash|k|t)$/i;

function querySpans(text: string, layer: number): readonly Span[] {
  if (!/[?&#]/.test(text)) return [];
  return [...text.matchAll(QUERY)].flatMap((match): readonly Span[] => {
    const [whole, name = "", value = ""] = match;
    const end = match.index + whole.length;
    const [label, decoded] = [decode(name), decode(value)];
    const random = decoded.length >= 16 && /\d/.test(decoded) && /[a-z]/i.test(decoded) && !/[\s/]/.test(decoded);
    const secret =
      (label !== name && isSecretLabel(label)) ||
      (DOUBTFUL.test(label) && random) ||
      (decoded !== value && secretSpans(decoded, layer + 1).length > 0);
    return secret && value !== "" ? [[end - value.length, end]] : [];
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Programs that take a password with a short option, which other programs use for something else. */
const SHORT_OPTIONS: readonly RegExp[] = (
  [
    ["sshpass", "-p\\s*"],
    ["(?:docker|podman|helm registry|oras|crane|skopeo) (?:auth )?login", "-p\\s+"],
    ["redis-cli", "-a\\s*"],
    ["mongo\\w*", "-p\\s+"],
    ["(?:mysql|mariadb)[\\w-]*", "-p"],
    ["(?:sqlcmd|bcp)", "-P\\s*"],
    ["ldap\\w+", "-w\\s+"],
    ["rabbitmqadmin", "-p\\s+"],
    ["zip", "-P\\s*"],
    ["7z[ar]?", "-p"],
    ["smbclient", "-U\\s*[^\\s%]+%"],
    ["lftp", "-u\\s*[^\\s,]+,"],
    ["vault", "login\\s+(?:-\\S+\\s+)*"],
    ["aws", "configure\\s+set\\s+\\S*(?:secret_access_key|session_token)\\s+"],
    ["rclone", "(?:secret_access_key|pass)\\s+"],
    ["openssl", "-pass(?:in|out)?\\s+pass:"],
  ] as const
).map(
  ([program, option]) => new RegExp(`(?<![\\w-])${program}(?![\\w-])[^\\n|;]*?\\s${option}["']?(?!-)([^\\s"']+)`, "g"),
);
const CURL_USER =
  /(?<![\w/.-])(?:curl|wget|https?|xh)(?=\s)[^\n|;]*?\s(?:-u|--(?:proxy-)?user[=\s])\s*["']?[^\s"':]+:(?!\/\/)([^\s"']+)/g;

/** In a command with a user option, the value of `-p` is a password, unless it looks like a port or a path. */
const USER_OPTION = /(?<![\w-])(?:-[uU]|--(?:user|username|login)[=\s])\s*[^\s-]/;
const SHORT_PASSWORD = /(?<![\w-])-p\s+["']?(?![\d/.-])([^\s"']+)/g;

function commandSpans(text: string): readonly Span[] {
  const besideUser = USER_OPTION.test(text) ? [SHORT_PASSWORD] : [];
  return [...SHORT_OPTIONS, CURL_USER, ...besideUser].flatMap((pattern) => groupSpans(text, pattern));
}

/** Text that may be base64 or base64url. */
const BASE64 = /(?<![\w+/=-])[A-Za-z\d+/_-]{12,}={0,2}(?![\w+/=-])/g;
/** A percent-encoded word that is not a query parameter, which `querySpans` handles. */
const PERCENT = /(?<![\w.~%+=&?#-])[\w.~+-]*(?:%[\dA-F]{2}[\w.~+-]*)+/gi;
/** `user:password`, which headers and Docker's configuration hold in base64. */
const PAIR = /^(?!arn:|https?:)[\w.@+-]+:[\x21-\x7e]{3,}$/;

/** Encoded words that hold a secret. The whole word is a secret, because no part of an encoded text can be hidden. */
function encodedSpans(text: string, layer: number): readonly Span[] {
  const percent = [...text.matchAll(PERCENT)].flatMap(({ index, 0: word }): readonly Span[] => {
    const decoded = decode(word);
    return decoded !== word && secretSpans(decoded, layer + 1).length > 0 ? [[index, index + word.length]] : [];
  });
  const base64 = [...text.matchAll(BASE64)].flatMap((match): readonly Span[] => {
    const decoded = Buffer.from(match[0], "base64").toString("utf8");
    if (!/^[\t\n\r\x20-\x7e\u00a0-\ufffc]+$/.test(decoded)) return [];
    const secret = PAIR.test(decoded) || secretSpans(decoded, layer + 1).length > 0;
    return secret ? [[match.index, match.index + match[0].length]] : [];
  });
  return [...percent, ...base64];
}

/** The spans of the last group of a pattern. The group must be the last occurrence of its text within the match. */
function groupSpans(text: string, pattern: RegExp): readonly Span[] {
  return [...text.matchAll(pattern)].flatMap((match): readonly Span[] => {
    const part = match.at(-1);
    if (part === undefined || part === "" || REFERENCE.test(part)) return [];
    const start = match.index + match[0].lastIndexOf(part);
    return [[start, start + part.length]];
  });
}

function merged(spans: readonly Span[]): readonly Span[] {
  return [...spans]
    .sort(([one], [other]) => one - other)
    .reduce<Span[]>((all, [start, end]) => {
      const last = all.at(-1);
      if (last !== undefined && start <= last[1]) all[all.length - 1] = [last[0], Math.max(last[1], end)];
      else all.push([start, end]);
      return all;
    }, []);
}
