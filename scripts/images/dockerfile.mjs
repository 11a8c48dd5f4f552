import { Problem } from "../problem.mjs";

/**
 * Gives arguments of a Dockerfile other defaults. Every tool builds the result in the same way, while each has its own way to be given
 * arguments (and minikube has one for each container runtime).
 * @param {string} dockerfile
 * @param {Readonly<Record<string, string>>} values
 * @returns {string}
 */
export function withArguments(dockerfile, values) {
  return Object.entries(values).reduce(
    (text, [name, value]) => text.replaceAll(new RegExp(`^ARG ${name}(=.*)?$`, "gm"), () => `ARG ${name}=${quoted(value)}`),
    dockerfile,
  );
}

/**
 * Labels the image that a Dockerfile makes. Literally: buildah 1.28 takes a label with an argument in it from its cache, as it was when the
 * argument had another value.
 * @param {string} dockerfile
 * @param {Readonly<Record<string, string>>} labels those without a value are left out
 * @returns {string}
 */
export function withLabels(dockerfile, labels) {
  const lines = Object.entries(labels).map(([name, value]) => (value === "" ? "" : `LABEL ${quoted(name)}=${quoted(value)}\n`));
  return `${dockerfile.trimEnd()}\n${lines.join("")}`;
}

/**
 * @param {string} dockerfile
 * @returns {string[]} the names of its arguments
 */
export function argumentsOf(dockerfile) {
  return [...new Set([...dockerfile.matchAll(/^ARG ([A-Z][A-Z0-9_]*)/gm)].map(([, name]) => /** @type {string} */ (name)))];
}

/**
 * @param {string} value
 * @returns {string} as a Dockerfile takes it literally
 * @throws {Problem} when it cannot
 */
function quoted(value) {
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(value)) {
    throw new Problem(`${JSON.stringify(value)} cannot become a label or build argument: allowed is one line without control characters.`);
  }
  return `"${value.replaceAll(/["$\\]/g, "\\$&")}"`;
}
