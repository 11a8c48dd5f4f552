import { type Expression, type Step, SyntaxProblem } from "./syntax";

/**
 * Reads a string of a synthesized stack as Terraform's JSON syntax does: a template in which backslashes are
 * literal, `${…}` is an expression, `$${` and `%%{` are escapes. Directives (`%{ if … }`) are refused.
 */
export function parseTemplate(text: string): Expression {
  return new Reader(text).template(undefined);
}

/** A recursive descent over one string; operators, conditionals, splats and `for` are refused by name. */
class Reader {
  private at = 0;

  public constructor(private readonly text: string) {}

  /** Up to the end, or up to an unescaped quote where `quoted`. One lone `${…}` keeps its expression's own type. */
  public template(quoted: "quoted" | undefined): Expression {
    const parts: Expression[] = [];
    let literal = "";
    const flush = (): void => {
      if (literal !== "") parts.push({ kind: "literal", value: literal });
      literal = "";
    };
    while (this.at < this.text.length && !(quoted && this.text[this.at] === '"')) {
      if (this.take("$${")) literal += "${";
      else if (this.take("%%{")) literal += "%{";
      else if (this.take("${")) {
        if (this.text[this.at] === "~") throw new SyntaxProblem("strip markers (~) are not known here");
        flush();
        parts.push(this.expression());
        this.expect("}");
      } else if (this.text.startsWith("%{", this.at))
        throw new SyntaxProblem("template directives (%{ … }) are not known here");
      else if (quoted && this.text[this.at] === "\\") literal += this.escape();
      else literal += this.text[this.at++];
    }
    flush();
    const [first] = parts;
    if (first === undefined) return { kind: "literal", value: "" };
    return parts.length === 1 ? first : { kind: "template", parts };
  }

  private expression(): Expression {
    const value = this.primary();
    this.space();
    const operator = /^(\?|&&|\|\||==|!=|<=?|>=?|[-+*/%])/.exec(this.text.slice(this.at))?.[0];
    if (operator !== undefined) throw new SyntaxProblem(`the operator ${operator} is not known here`);
    return value;
  }

  private primary(): Expression {
    this.space();
    if (this.take('"')) {
      const value = this.template("quoted");
      this.expect('"');
      return value.kind === "literal" || value.kind === "template" ? value : { kind: "template", parts: [value] };
    }
    const number = this.match(/^-?\d+(\.\d+)?([eE][-+]?\d+)?/);
    if (number !== undefined) return { kind: "literal", value: Number(number) };
    if (this.take("[")) return { kind: "list", items: this.items("]") };
    if (this.take("{")) return { kind: "object", entries: this.entries() };
    if (this.take("(")) {
      const value = this.expression();
      this.expect(")");
      return value;
    }
    const name = this.match(/^[A-Za-z_][\w-]*/);
    if (name === undefined)
      throw new SyntaxProblem(`unexpected ${JSON.stringify(this.text.slice(this.at, this.at + 12))}`);
    if (name === "true" || name === "false") return { kind: "literal", value: name === "true" };
    if (name === "null") return { kind: "literal", value: null };
    if (this.take("(")) return { kind: "call", name, args: this.items(")"), steps: this.steps() };
    return { kind: "reference", root: name, steps: this.steps() };
  }

  private steps(): Step[] {
    const steps: Step[] = [];
    for (;;) {
      if (this.text.startsWith("[*]", this.at) || this.text.startsWith(".*", this.at))
        throw new SyntaxProblem("splats ([*]) are not known here");
      if (this.text.startsWith("...", this.at)) return steps;
      if (this.take(".")) {
        const name = this.match(/^([A-Za-z_][\w-]*|\d+)/);
        if (name === undefined) throw new SyntaxProblem("a dot without a name after it");
        steps.push(/^\d/.test(name) ? index(Number(name)) : { kind: "attribute", name });
      } else if (this.take("[")) {
        steps.push({ kind: "index", at: this.expression() });
        this.expect("]");
      } else return steps;
    }
  }

  private items(end: string): Expression[] {
    const items: Expression[] = [];
    for (;;) {
      this.space();
      if (this.take(end)) return items;
      if (/^for\b/.test(this.text.slice(this.at))) throw new SyntaxProblem("for expressions are not known here");
      items.push(this.expression());
      this.space();
      if (this.text.startsWith("...", this.at)) throw new SyntaxProblem("expanding arguments (...) is not known here");
      if (!this.take(",") && !this.text.startsWith(end, this.at)) this.expect(end);
    }
  }

  private entries(): [Expression, Expression][] {
    const entries: [Expression, Expression][] = [];
    for (;;) {
      this.space();
      if (this.take("}")) return entries;
      if (/^for\b/.test(this.text.slice(this.at))) throw new SyntaxProblem("for expressions are not known here");
      const bare = this.match(/^[A-Za-z_][\w-]*(?=\s*[=:])/);
      const key: Expression = bare === undefined ? this.primary() : { kind: "literal", value: bare };
      this.space();
      if (!this.take("=") && !this.take(":")) throw new SyntaxProblem("an object's key without = or : after it");
      entries.push([key, this.expression()]);
      this.space();
      this.take(",");
    }
  }

  private escape(): string {
    const unicode = this.match(/^\\u[0-9a-fA-F]{4}|^\\U[0-9a-fA-F]{8}/);
    if (unicode !== undefined) return String.fromCodePoint(parseInt(unicode.slice(2), 16));
    const simple = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" }[this.text[this.at + 1] ?? ""];
    if (simple === undefined)
      throw new SyntaxProblem(`the escape ${this.text.slice(this.at, this.at + 2)} is not known`);
    this.at += 2;
    return simple;
  }

  private space(): void {
    this.match(/^\s+/);
  }

  private take(token: string): boolean {
    if (!this.text.startsWith(token, this.at)) return false;
    this.at += token.length;
    return true;
  }

  private expect(token: string): void {
    this.space();
    if (!this.take(token))
      throw new SyntaxProblem(`expected ${token} before ${JSON.stringify(this.text.slice(this.at, this.at + 12))}`);
  }

  private match(pattern: RegExp): string | undefined {
    const found = pattern.exec(this.text.slice(this.at))?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }
}

function index(value: number): Step {
  return { kind: "index", at: { kind: "literal", value } };
}
