import { Problem } from "../problem.mjs";
import { capture } from "./capture.mjs";

/** @typedef {readonly string[]} Command with its arguments */

/**
 * What builds images. Each question throws where the answer is no.
 * @typedef {object} Tool
 * @property {string} name
 * @property {Command} works asks whether it can be used now
 * @property {(output: string) => boolean} [says] whether the answer means yes, where its coming is not enough
 * @property {(reference: string) => Command} has asks for an image
 * @property {(output: string, reference: string) => boolean} [lists] whether the answer holds the image, where its coming is not enough
 * @property {(reference: string, folder: string) => Command} build
 * @property {((reference: string, target: string, plainHttp: boolean) => Command[])} [push] not there: it has no logins of the user's
 * @property {string} store where its images are
 */

/**
 * podman and buildah are one builder. Docker's format, since OCI's holds no health check.
 * @param {"podman" | "buildah"} name
 * @returns {Pick<Tool, "name" | "build" | "push" | "store">}
 */
const containersTool = (name) => ({
  name,
  build: (reference, folder) => [name, "build", "--format", "docker", "--layers", "-t", reference, folder],
  push: (reference, target, plainHttp) => [
    [name, "push", ...(plainHttp ? ["--tls-verify=false"] : []), reference, `docker://${target}`],
  ],
  store: `${name}'s store on this machine`,
});

/**
 * In the order in which they are taken: minikube first, since what it builds needs no transport.
 * @type {readonly Tool[]}
 */
export const TOOLS = [
  {
    name: "minikube",
    works: ["minikube", "status", "--format", "{{.Host}}"],
    says: (output) => output.split("\n").includes("Running"),
    has: () => ["minikube", "image", "ls"],
    lists: (output, reference) => output.split("\n").includes(reference),
    build: (reference, folder) => ["minikube", "image", "build", "--all", "-t", reference, folder],
    store: "the cluster's nodes",
  },
  {
    name: "docker",
    works: ["docker", "info"],
    has: (reference) => ["docker", "image", "inspect", reference],
    build: (reference, folder) => ["docker", "build", "-t", reference, folder],
    push: (reference, target) => [
      ["docker", "tag", reference, target],
      ["docker", "push", target],
    ],
    store: "docker's store",
  },
  {
    ...containersTool("podman"),
    works: ["podman", "info"],
    has: (reference) => ["podman", "image", "exists", reference],
  },
  {
    ...containersTool("buildah"),
    works: ["buildah", "images", "-q"],
    has: (reference) => ["buildah", "inspect", "--type", "image", reference],
  },
];

/** The variable that names the tool, where no option does. */
export const TOOL_VARIABLE = "PORTA_IMAGE_TOOL";

/**
 * @param {{ chosen?: string | undefined, env: NodeJS.ProcessEnv, pushing: boolean }} options
 * @returns {Tool} the chosen one, else the first that works
 * @throws {Problem} that says of each why not
 */
export function findTool({ chosen, env, pushing }) {
  const wanted = chosen ?? (env[TOOL_VARIABLE] || undefined);
  if (wanted !== undefined && !TOOLS.some(({ name }) => name === wanted)) {
    const what = chosen === undefined ? TOOL_VARIABLE : "--tool";
    throw new Problem(`${what} is "${wanted}": allowed is one of ${TOOLS.map(({ name }) => name).join(", ")}.`);
  }
  const candidates = TOOLS.filter(({ name }) => wanted === undefined || name === wanted);
  const reasons = [];
  for (const tool of candidates) {
    const reason = whyNot(tool, { env, pushing });
    if (reason === undefined) return tool;
    reasons.push(`  ${tool.name}: ${reason}`);
  }
  throw new Problem(
    `Nothing here can ${pushing ? "build and push" : "build"} images:\n${reasons.join("\n")}\n` +
      `Start one of ${(wanted === undefined ? candidates : TOOLS).map(({ name }) => name).join(", ")}, or install one; --tool NAME chooses.`,
  );
}

/**
 * @param {Tool} tool
 * @param {{ env: NodeJS.ProcessEnv, pushing: boolean }} options
 * @returns {string | undefined} why it cannot be used
 */
function whyNot(tool, { env, pushing }) {
  if (pushing && tool.push === undefined) return "it cannot push with your logins; take docker, podman or buildah";
  try {
    const output = ask(tool.works, env);
    return tool.says === undefined || tool.says(output) ? undefined : `it is not running (${output.trim()})`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * @param {Tool} tool
 * @param {string} reference
 * @param {NodeJS.ProcessEnv} env
 * @returns {boolean} whether its store holds the image
 */
export function hasImage(tool, reference, env) {
  try {
    const output = ask(tool.has(reference), env);
    return tool.lists === undefined || tool.lists(output, reference);
  } catch {
    return false;
  }
}

/**
 * @param {Command} command
 * @param {NodeJS.ProcessEnv} env
 */
const ask = ([command = "", ...args], env) => capture(command, args, { env });
