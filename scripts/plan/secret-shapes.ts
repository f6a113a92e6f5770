import { isSecretLabel } from "./secret-names";
import { tokenSpans } from "./secret-tokens";

/** Start and end of a part of a text. */
export type Span = readonly [start: number, end: number];

/** A secret may lie in a text that is encoded in another; nobody does that more often than this. */
const MAX_LAYERS = 3;

/**
 * Where in a text there are secrets, by their shape: what a person has written into a URL, a connection string, a command
 * line or a header. In order, and apart from each other. Pure.
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

/** Parts whose last group must not be shown: credentials of a header, and the paths of webhooks, which nobody may know. */
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
  // Mattermost's, on whatever host.
  /:\/\/[^\s/]+\/hooks\/([a-z0-9]{26})(?![\w-])/g,
  /\bAuthorization:\s*Digest\s+(\S[^\n\r]*)/gi,
  // XML: an element, and a pair of attributes as .NET's settings have it.
  /<[\w.:-]*(?:password|passwd|secret|token|(?:api|secret|access|private)[._-]?key)>([^<]+)(?=<\/)/gi,
  /\b(?:key|name)=\\?["'][^"'\\]*(?:passw(?:or)?d|secret|token|(?:api|access)[._-]?key)\\?["']\s+value=\\?["']([^"'\\]+)/gi,
];

/** The password in a URL's userinfo; it may hold an `@`, and of careless people a `/`. A name alone is a token if it looks like one. */
const USERINFO: readonly RegExp[] = [
  /:\/\/[^\s/?#:@"'<>]*:([^\s/?#"'<>]+)@/g,
  /:\/\/[^\s/?#:@"'<>[\]]*:(?!\d+(?:[/?#\s]|$))([^\s"'<>,;]+)@/g,
  /:\/\/(?=[^\s/?#:@"'<>]*\d)([\w.~%-]{20,})@/g,
  /\bjdbc:oracle:\w+:[^\s/@:]+\/([^\s@]+)@/g,
  // Go's driver of MySQL, and Oracle's short form: no scheme before them.
  /(?<![\w/])[\w.%-]+:([^\s@"'/]+)(?=@(?:tcp[46]?|unix|udp)\()/g,
  /(?<![\w/:.])[\w$#]+\/([^\s@"'/]+)(?=@\/\/)/g,
];

function userinfoSpans(text: string): readonly Span[] {
  return text.includes("@") ? USERINFO.flatMap((pattern) => groupSpans(text, pattern)) : [];
}

/** `name=value`, `name: value`, `"name":"value"`; and `--name value`. */
const LABELLED =
  /(?<![\w.%-])(?<label>-{0,2}[A-Za-z_][\w.-]{0,80})(?:(?:\\?["'])?(?:\s*(?:=>|:=|=)\s*|\s*:(?:[^\S\n]+|(?=\\?["'])))|(?<=(?<![\w.%-])-{1,2}[A-Za-z_][\w.-]*)[^\S\n]+(?!-))/g;
/** They tell where a secret comes from: a variable, a placeholder, an ARN. */
const REFERENCE = /^(?:\$\{[^}]*\}|\$\([^)]*\)|\$[A-Z_][A-Z\d_]*\b|%\w+%|\{\{.*?\}\}|<[\w -]+>|arn:|\(sensitive\))/;

/** `/password:value`, as programs of Windows have it. Not `secret:value`, which is in ARNs. */
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

/** The value that begins somewhere: to its closing quote, or to what ends it in texts of this kind. */
function valueSpan(text: string, start: number, lead: string, isHeader: boolean): Span {
  const quote = /^(?:\\?["'`])/.exec(text.slice(start, start + 2))?.[0];
  if (quote !== undefined) {
    const end = text.indexOf(quote, start + quote.length);
    return [start + quote.length, end === -1 ? text.length : end];
  }
  // ODBC has braces around a value that holds a semicolon.
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

/** A parameter that may well be harmless, and is a secret when its value looks like one. */
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

/** Programs that take a password by a short option, which means something else elsewhere. */
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

/** Beside an option that names a user, `-p` is a password, unless it looks like a port or a path. */
const USER_OPTION = /(?<![\w-])(?:-[uU]|--(?:user|username|login)[=\s])\s*[^\s-]/;
const SHORT_PASSWORD = /(?<![\w-])-p\s+["']?(?![\d/.-])([^\s"']+)/g;

function commandSpans(text: string): readonly Span[] {
  const besideUser = USER_OPTION.test(text) ? [SHORT_PASSWORD] : [];
  return [...SHORT_OPTIONS, CURL_USER, ...besideUser].flatMap((pattern) => groupSpans(text, pattern));
}

/** What may be the base64 of something, in the alphabet of URLs as well. */
const BASE64 = /(?<![\w+/=-])[A-Za-z\d+/_-]{12,}={0,2}(?![\w+/=-])/g;
/** A word that is percent-encoded, and no parameter, which is looked at by itself. */
const PERCENT = /(?<![\w.~%+=&?#-])[\w.~+-]*(?:%[\dA-F]{2}[\w.~+-]*)+/gi;
/** Its `user:password`, as in a header or in Docker's configuration. */
const PAIR = /^(?!arn:|https?:)[\w.@+-]+:[\x21-\x7e]{3,}$/;

/** Texts that hold a secret in base64 or percent-encoded: as a whole, for a part of them can't be hidden. */
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

/** Where the last group of a pattern is, which must be the end of the match or be followed by what can't be in it. */
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
