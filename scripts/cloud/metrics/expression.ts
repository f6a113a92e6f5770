/** A metric math expression can't be parsed or computed; the message names the expression and the position. */
export class ExpressionError extends Error {
  /** @param position the first wrong character, counted from 1 */
  constructor(
    readonly expression: string,
    readonly position: number,
    problem: string,
  ) {
    super(`metric math "${expression}", character ${position}: ${problem}`);
    this.name = "ExpressionError";
  }
}

/** An operator with two operands; `&&` and `||` are parsed as `AND` and `OR`. */
export type BinaryOperator = "+" | "-" | "*" | "/" | "^" | "==" | "!=" | "<=" | ">=" | "<" | ">" | "AND" | "OR";

/** A parsed metric math expression. `position` counts from 1. */
export type MathExpression =
  | { readonly kind: "number"; readonly value: number; readonly position: number }
  | { readonly kind: "text"; readonly value: string; readonly position: number }
  | { readonly kind: "id"; readonly id: string; readonly position: number }
  | { readonly kind: "keyword"; readonly name: "REPEAT" | "LINEAR"; readonly position: number }
  | { readonly kind: "array"; readonly items: readonly MathExpression[]; readonly position: number }
  | {
      readonly kind: "call";
      readonly name: string;
      readonly args: readonly MathExpression[];
      readonly position: number;
    }
  | { readonly kind: "minus"; readonly operand: MathExpression; readonly position: number }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: MathExpression;
      readonly right: MathExpression;
      readonly position: number;
    };

interface Token {
  readonly kind: "number" | "text" | "name" | "symbol" | "end";
  readonly text: string;
  readonly position: number;
}

const TOKEN =
  /\s*(?:(?<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)|(?<text>"[^"]*"|'[^']*')|(?<name>[A-Za-z_]\w*)|(?<symbol>&&|\|\||==|!=|<=|>=|[-+*/^<>()[\],]))/y;

/** Operators by precedence, the lowest first. */
const LEVELS: readonly (readonly string[])[] = [
  ["OR", "||"],
  ["AND", "&&"],
  ["==", "!=", "<=", ">=", "<", ">"],
  ["+", "-"],
  ["*", "/"],
];

const SAME_AS: Readonly<Record<string, BinaryOperator>> = { "&&": "AND", "||": "OR" };

function tokensOf(expression: string): readonly Token[] {
  const tokens: Token[] = [];
  const end = expression.trimEnd().length;
  let index = 0;
  while (index < end) {
    TOKEN.lastIndex = index;
    const match = TOKEN.exec(expression);
    if (!match) {
      const position = index + (/^\s*/.exec(expression.slice(index))?.[0].length ?? 0);
      throw new ExpressionError(expression, position + 1, `unexpected "${expression.charAt(position)}"`);
    }
    const found = Object.entries<string | undefined>(match.groups ?? {}).find(([, text]) => text !== undefined);
    const [kind, text = ""] = found ?? ["symbol"];
    index = TOKEN.lastIndex;
    tokens.push({ kind: kind as Token["kind"], text, position: index - text.length + 1 });
  }
  return [...tokens, { kind: "end", text: "", position: end + 1 }];
}

/** A recursive descent parser of one expression: one method for each level of the grammar. */
class Parser {
  private index = 0;
  private readonly tokens: readonly Token[];

  constructor(private readonly expression: string) {
    this.tokens = tokensOf(expression);
  }

  whole(): MathExpression {
    const parsed = this.level(0);
    if (this.token.kind !== "end") throw this.unexpected();
    return parsed;
  }

  private get token(): Token {
    // The last token is `end`, and `next` does not go beyond it.
    return this.tokens[this.index] as Token;
  }

  private next(): Token {
    const { token } = this;
    if (token.kind !== "end") this.index += 1;
    return token;
  }

  private take(text: string): boolean {
    if (this.token.text !== text || this.token.kind === "text") return false;
    this.next();
    return true;
  }

  private expect(text: string): void {
    if (!this.take(text)) throw this.unexpected(`expected "${text}"`);
  }

  private unexpected(hint = "expected a number, an id or a function"): ExpressionError {
    const found = this.token.kind === "end" ? "it ends here" : `unexpected "${this.token.text}"`;
    return new ExpressionError(this.expression, this.token.position, `${found}; ${hint}`);
  }

  private level(depth: number): MathExpression {
    const operators = LEVELS[depth];
    if (!operators) return this.unary();
    let left = this.level(depth + 1);
    while (this.token.kind !== "text" && operators.includes(this.token.text)) {
      const { text, position } = this.next();
      const right = this.level(depth + 1);
      left = { kind: "binary", operator: SAME_AS[text] ?? (text as BinaryOperator), left, right, position };
    }
    return left;
  }

  private unary(): MathExpression {
    const { position } = this.token;
    return this.take("-") ? { kind: "minus", operand: this.unary(), position } : this.power();
  }

  private power(): MathExpression {
    const left = this.primary();
    const { position } = this.token;
    return this.take("^") ? { kind: "binary", operator: "^", left, right: this.unary(), position } : left;
  }

  private primary(): MathExpression {
    const { kind, text, position } = this.token;
    if (kind === "number") return { kind, value: Number(this.next().text), position };
    if (kind === "text") return { kind, value: this.next().text.slice(1, -1), position };
    if (kind === "name") return this.named();
    if (this.take("(")) {
      const inner = this.level(0);
      this.expect(")");
      return inner;
    }
    if (text === "[") {
      this.next();
      return { kind: "array", items: this.list("]"), position };
    }
    throw this.unexpected();
  }

  private named(): MathExpression {
    const { text, position } = this.next();
    if (this.take("(")) return { kind: "call", name: text, args: this.list(")"), position };
    if (text === "REPEAT" || text === "LINEAR") return { kind: "keyword", name: text, position };
    if (/^[a-z]/.test(text)) return { kind: "id", id: text, position };
    throw new ExpressionError(this.expression, position, `"${text}" is not an id: ids start with a lower-case letter`);
  }

  private list(close: string): readonly MathExpression[] {
    if (this.take(close)) return [];
    const items = [this.level(0)];
    while (this.take(",")) items.push(this.level(0));
    this.expect(close);
    return items;
  }
}

/**
 * Parses a metric math expression: numbers, ids, `+ - * / ^`, comparisons, AND, OR, parentheses, arrays and calls.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 * @throws ExpressionError naming the expression and the position
 */
export function parseExpression(expression: string): MathExpression {
  return new Parser(expression).whole();
}
