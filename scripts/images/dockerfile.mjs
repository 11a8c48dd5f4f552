import { Problem } from "../problem.mjs";

/** Arguments that only become labels: what an image is does not depend on them. */
const LABELS = ["SOURCE", "REVISION", "VERSION", "MESSAGE"];

/**
 * Gives arguments of a Dockerfile other defaults. Every tool builds the result in the same way, while each has its own way to be given arguments
 * (and minikube has one for each container runtime).
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
 * @param {string} dockerfile
 * @returns {string[]} the arguments that change what is built
 */
export function argumentsOf(dockerfile) {
  const names = [...dockerfile.matchAll(/^ARG ([A-Z][A-Z0-9_]*)/gm)].map(([, name]) => /** @type {string} */ (name));
  return [...new Set(names)].filter((name) => !LABELS.includes(name));
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
