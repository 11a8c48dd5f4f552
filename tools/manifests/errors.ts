/** Where in a synthesized stack something stands: `kubernetes_secret_v1.redis` and the path inside it. */
export interface Place {
  readonly stack: string;
  /** Terraform's address of the resource, output or data source. */
  readonly address: string;
  /** Attributes and indices below it, as Terraform writes them: `spec.template.spec.container[0].image`. */
  readonly path: string;
}

/** What cannot be rendered exactly is refused, with the place it stands at. */
export class RenderError extends Error {
  public constructor(place: Place, problem: string, remedy?: string) {
    const where = [`stack ${place.stack}`, place.address, place.path].filter((part) => part !== "").join(", ");
    super(`${where}: ${problem}${remedy === undefined ? "" : `\n  ${remedy}`}`);
    this.name = "RenderError";
  }
}

/** A mistake in how the tool was called or in a file it was given; its message says the way out. */
export class UsageError extends Error {
  public constructor(problem: string, remedy: string) {
    super(`${problem}\n  ${remedy}`);
    this.name = "UsageError";
  }
}

/** The place of a member of what stands at `place`. */
export function below(place: Place, member: string | number): Place {
  const step = typeof member === "number" ? `[${member}]` : place.path === "" ? member : `.${member}`;
  return { ...place, path: place.path + step };
}
