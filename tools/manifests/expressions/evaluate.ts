import { RenderError, below, type Place } from "../errors";
import { Sealed, sealOver } from "../secret";
import { functions, string } from "./functions";
import { parseTemplate } from "./parse";
import { type Expression, type Step, SyntaxProblem } from "./syntax";

/** What a reference's first names stand for. */
export interface Found {
  readonly value: unknown;
  /** How many of the reference's steps they took. */
  readonly taken: number;
  /** Where the value is configuration, with expressions of its own: evaluates the part that was asked for. */
  readonly settle?: (part: unknown, path: string) => unknown;
}

/** Answers what expressions refer to. */
export interface Scope {
  /** Undefined where nothing of that name is known. */
  resolve(root: string, steps: readonly string[], place: Place): Found | undefined;
}

/** The value with every template in it evaluated, strings and keys alike; `"//"` comments are left out. */
export function evaluate(value: unknown, scope: Scope, place: Place): unknown {
  if (typeof value === "string") return new Evaluation(value, scope, place).run();
  if (Array.isArray(value)) return value.map((item, index) => evaluate(item, scope, below(place, index)));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "//")
      .map(([key, member]) => [
        new Evaluation(key, scope, place).key(),
        evaluate(member, scope, below(place, key)),
      ]),
  );
}

/** One string's evaluation; every problem is reported with the string itself. */
class Evaluation {
  public constructor(
    private readonly text: string,
    private readonly scope: Scope,
    private readonly place: Place,
  ) {}

  public run(): unknown {
    try {
      return this.value(parseTemplate(this.text));
    } catch (problem) {
      if (problem instanceof SyntaxProblem || problem instanceof TypeError)
        throw this.problem(
          problem.message,
          "Put the value into the stack itself, or teach tools/manifests/expressions this expression.",
        );
      throw problem;
    }
  }

  /** A member's name. One that depends on a secret would stand where everyone reads it. */
  public key(): string {
    const name = this.run();
    if (typeof name !== "string") throw this.problem("a member's name has to be plain text", "Name it without a secret, list or object.");
    return name;
  }

  private value(expression: Expression): unknown {
    switch (expression.kind) {
      case "literal":
        return expression.value;
      case "template": {
        const parts = expression.parts.map((part) => this.value(part));
        return sealOver(parts) ?? parts.map(string).join("");
      }
      case "list":
        return expression.items.map((item) => this.value(item));
      case "object":
        return Object.fromEntries(expression.entries.map(([key, item]) => [string(this.value(key)), this.value(item)]));
      case "call": {
        const known = Object.hasOwn(functions, expression.name) ? functions[expression.name] : undefined;
        if (known === undefined) throw new SyntaxProblem(`the function ${expression.name}() is not known here`);
        const args = expression.args.map((arg) => this.value(arg));
        return this.follow(sealOver(args) ?? known(...args), expression.steps, `${expression.name}(…)`);
      }
      case "reference":
        return this.reference(expression.root, expression.steps);
    }
  }

  private reference(root: string, steps: readonly Step[]): unknown {
    const firstIndex = steps.findIndex((step) => step.kind !== "attribute");
    const names = (firstIndex < 0 ? steps : steps.slice(0, firstIndex)).map((step) => (step as { name: string }).name);
    const found = this.scope.resolve(root, names, this.place);
    if (found === undefined) throw this.problem(`nothing here is called ${[root, ...names].join(".")}`);
    return this.follow(
      found.value,
      steps.slice(found.taken),
      [root, ...names.slice(0, found.taken)].join("."),
      found.settle,
    );
  }

  /** Blocks of one are objects in synthesized JSON, lists to Terraform: `[0]` of such an object is itself. */
  private follow(
    start: unknown,
    steps: readonly Step[],
    name: string,
    settle: Found["settle"] = (part) => part,
  ): unknown {
    let value = start;
    let path = name;
    for (const step of steps) {
      if (typeof value === "string") value = settle(value, path);
      if (value instanceof Sealed) return value;
      const key = step.kind === "attribute" ? step.name : this.value(step.at);
      path += typeof key === "number" ? `[${key}]` : `.${String(key)}`;
      if (Array.isArray(value) && typeof key === "number") value = value[key];
      else if (key !== 0 || typeof value !== "object" || value === null)
        value =
          typeof value === "object" && value !== null && Object.hasOwn(value, String(key))
            ? (value as Record<string, unknown>)[String(key)]
            : undefined;
      if (value === undefined)
        throw this.problem(
          `${path} is not in the configuration, so it is known only after an apply`,
          "Give it a value in the stack it comes from.",
        );
    }
    return settle(value, path);
  }

  private problem(problem: string, remedy?: string): RenderError {
    return new RenderError(this.place, `${problem}, in ${JSON.stringify(this.text)}`, remedy);
  }
}
