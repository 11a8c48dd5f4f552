/** The part of Terraform's expression language that a synthesized stack can hold and a renderer can answer. */
export type Expression =
  | { readonly kind: "literal"; readonly value: string | number | boolean | null }
  | { readonly kind: "template"; readonly parts: readonly Expression[] }
  | { readonly kind: "reference"; readonly root: string; readonly steps: readonly Step[] }
  | {
      readonly kind: "call";
      readonly name: string;
      readonly args: readonly Expression[];
      readonly steps: readonly Step[];
    }
  | { readonly kind: "list"; readonly items: readonly Expression[] }
  | { readonly kind: "object"; readonly entries: readonly (readonly [Expression, Expression])[] };

/** `.name`, `[0]`, `["key"]` or `[expression]`. */
export type Step =
  { readonly kind: "attribute"; readonly name: string } | { readonly kind: "index"; readonly at: Expression };

/** Text that is no expression of the language above. */
export class SyntaxProblem extends Error {}
