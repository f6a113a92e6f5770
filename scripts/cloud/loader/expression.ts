/**
 * The part of Terraform's expression language that synthesized stacks use: strings with `${…}`, references,
 * literals, lists, objects and calls. It has no operators, conditionals, splats or `%{…}` directives.
 */
export type Expression =
  | { readonly kind: "literal"; readonly value: string | number | boolean | null }
  /** A string with interpolations. It has at least two parts: a single interpolation keeps its type, as in Terraform. */
  | { readonly kind: "template"; readonly parts: readonly Expression[] }
  /** `aws_lb.main.arn` → ["aws_lb", "main", "arn"]; `x.names[0]` → ["x", "names", 0]. */
  | { readonly kind: "reference"; readonly path: readonly (string | number)[] }
  | { readonly kind: "list"; readonly items: readonly Expression[] }
  | { readonly kind: "object"; readonly entries: readonly (readonly [Expression, Expression])[] }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[] };

/** The text is not in the supported part of the language. The message says what the parser expected, what it found and where. */
export class ExpressionSyntaxError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ExpressionSyntaxError";
  }
}

/**
 * Parses one string of a synthesized stack.
 * @throws ExpressionSyntaxError for anything outside the supported part of the language
 */
export function parseTemplate(text: string): Expression {
  const reader = new Reader(text);
  const parts = reader.template(undefined);
  return simplify(parts);
}

function simplify(parts: readonly Expression[]): Expression {
  const [first, second] = parts;
  if (!first) return { kind: "literal", value: "" };
  return second ? { kind: "template", parts } : first;
}

const KEYWORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" };

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  /** Reads literal text and interpolations up to and including `end`; without `end`, up to the end of the text. */
  template(end: '"' | undefined): Expression[] {
    const parts: Expression[] = [];
    let literal = "";
    const flush = () => {
      if (literal) parts.push({ kind: "literal", value: literal });
      literal = "";
    };
    for (;;) {
      const char = this.text[this.at];
      if (char === undefined) {
        if (end) throw this.unexpected(`the closing ${end}`);
        break;
      }
      if (char === end) {
        this.at += 1;
        break;
      }
      const escaped = this.take("$${") ? "${" : this.take("%%{") ? "%{" : undefined;
      if (escaped) literal += escaped;
      else if (this.text.startsWith("%{", this.at)) throw this.unexpected("no %{…} directive");
      else if (this.take("${")) {
        flush();
        parts.push(this.expression());
        this.expect("}");
      } else if (end && char === "\\") literal += this.escape();
      else {
        literal += char;
        this.at += 1;
      }
    }
    flush();
    return parts;
  }

  private escape(): string {
    const name = this.text[this.at + 1] ?? "";
    const unicode = /^u[0-9a-fA-F]{4}/.exec(this.text.slice(this.at + 1));
    if (unicode) {
      this.at += 6;
      return String.fromCharCode(Number.parseInt(unicode[0].slice(1), 16));
    }
    const value = ESCAPES[name];
    if (value === undefined) throw this.unexpected("a known escape sequence");
    this.at += 2;
    return value;
  }

  private expression(): Expression {
    const value = this.primary();
    this.space();
    if (/[-+*/%!<>=?&|]/.test(this.text[this.at] ?? "") && !/^=(?!=)/.test(this.text.slice(this.at)))
      throw this.unexpected("no operator");
    return value;
  }

  private primary(): Expression {
    this.space();
    if (this.take('"')) return simplify(this.template('"'));
    if (this.take("[")) return { kind: "list", items: this.sequence("]", () => this.expression()) };
    if (this.take("{")) return { kind: "object", entries: this.sequence("}", () => this.entry()) };
    const number = this.match(/-?\d+(\.\d+)?/y);
    if (number) return { kind: "literal", value: Number(number) };
    const name = this.identifier();
    if (this.take("(")) return { kind: "call", name, args: this.sequence(")", () => this.expression()) };
    const keyword = KEYWORDS[name];
    if (keyword !== undefined) return { kind: "literal", value: keyword };
    return { kind: "reference", path: [name, ...this.traversal()] };
  }

  /** `.name`, `[0]` and `["name"]` after the first identifier. */
  private traversal(): (string | number)[] {
    const path: (string | number)[] = [];
    for (;;) {
      if (this.take(".")) {
        const index = this.match(/\d+/y);
        path.push(index === undefined ? this.identifier() : Number(index));
      } else if (this.take("[")) {
        const key = this.expression();
        this.expect("]");
        if (key.kind !== "literal" || (typeof key.value !== "string" && typeof key.value !== "number"))
          throw this.unexpected("a number or a string as index");
        path.push(key.value);
      } else return path;
    }
  }

  private entry(): readonly [Expression, Expression] {
    this.space();
    const bare = this.match(/[A-Za-z_][\w-]*/y);
    const key: Expression = bare === undefined ? this.primary() : { kind: "literal", value: bare };
    this.space();
    if (!this.take("=")) this.expect(":");
    return [key, this.expression()];
  }

  private sequence<T>(end: string, item: () => T): T[] {
    const items: T[] = [];
    for (;;) {
      this.space();
      if (this.take(end)) return items;
      items.push(item());
      this.space();
      if (!this.take(",") && this.text[this.at] !== end) throw this.unexpected(`, or ${end}`);
    }
  }

  private identifier(): string {
    const name = this.match(/[A-Za-z_][\w-]*/y);
    if (name === undefined) throw this.unexpected("a name");
    return name;
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private take(text: string): boolean {
    if (!this.text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  private expect(text: string): void {
    this.space();
    if (!this.take(text)) throw this.unexpected(text);
  }

  private space(): void {
    this.match(/\s*/y);
  }

  private unexpected(wanted: string): ExpressionSyntaxError {
    const rest = this.text.slice(this.at, this.at + 20);
    return new ExpressionSyntaxError(
      `expected ${wanted} at character ${this.at + 1}, found ${rest ? JSON.stringify(rest) : "the end"}`,
    );
  }
}
