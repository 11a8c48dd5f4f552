import { parseArgs } from "node:util";
import { Problem } from "../problem.mjs";
import { IMAGES } from "./catalogue.mjs";
import { TOOLS, TOOL_VARIABLE } from "./tools.mjs";
import { checkVersion } from "./version.mjs";

const NAMES = /** @type {(keyof typeof IMAGES)[]} */ (Object.keys(IMAGES));

export const USAGE = `
  npm run images -- [options]

  Builds the images that the stacks run, and names each after its content: what has not changed is not built again, and a
  deploy rolls exactly what has.

    --image NAME            only this one: ${NAMES.join(" or ")}
    --tool NAME             ${TOOLS.map(({ name }) => name).join(", ")}; or ${TOOL_VARIABLE}. Else the first of them that works
    --build-arg NAME=VALUE  another value for an ARG of the Dockerfiles, such as PYTHON_IMAGE=…; may be repeated
    --dry-run               says what it would do

    --push REGISTRY         releases them there as X.Y.Z and latest, from a clean tree: localhost:5000, ghcr.io/acme,
                            http://registry.lan:5000 (without TLS)
    --version X.Y.Z         the release: higher than the last one there
    --message TEXT, -m      what is new in it
`;

/** The longest message: it is a label, not a document. */
const LONGEST_MESSAGE = 500;

/**
 * @typedef {object} Release
 * @property {string} registry
 * @property {string} version
 * @property {string} message
 */

/**
 * @typedef {object} Options
 * @property {import("./catalogue.mjs").Image[]} images
 * @property {string | undefined} tool
 * @property {Record<string, string>} buildArgs
 * @property {boolean} dryRun
 * @property {Release | undefined} release
 */

/**
 * @param {string[]} argv
 * @returns {Options | undefined} undefined: the user wants to know what can be given
 * @throws {Problem}
 */
export function readOptions(argv) {
  const values = parse(argv);
  if (values.help) return undefined;
  return {
    images: imagesOf(values.image),
    tool: values.tool,
    buildArgs: Object.fromEntries((values["build-arg"] ?? []).map(buildArgument)),
    dryRun: values["dry-run"] ?? false,
    release: releaseOf(values),
  };
}

/** @param {string[]} argv */
function parse(argv) {
  try {
    return parseArgs({
      args: argv,
      options: {
        image: { type: "string" },
        tool: { type: "string" },
        "build-arg": { type: "string", multiple: true },
        "dry-run": { type: "boolean" },
        push: { type: "string" },
        version: { type: "string" },
        message: { type: "string", short: "m" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    throw new Problem(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}

/** @param {string | undefined} chosen */
function imagesOf(chosen) {
  if (chosen === undefined) return Object.values(IMAGES);
  const name = NAMES.find((known) => known === chosen);
  if (name === undefined) throw new Problem(`--image is "${chosen}": allowed is ${NAMES.join(" or ")}; both if it is left out.`);
  return [IMAGES[name]];
}

/**
 * @param {string} text
 * @returns {[string, string]}
 */
function buildArgument(text) {
  const [, name, value] = /^([A-Z][A-Z0-9_]*)=(.+)$/.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  throw new Problem(`--build-arg is "${text}": allowed is NAME=VALUE, such as NODE_IMAGE=docker.io/library/node:22-slim.`);
}

/**
 * @param {{ push?: string, version?: string, message?: string }} values
 * @returns {Release | undefined}
 */
function releaseOf({ push, version, message }) {
  if (push === undefined) {
    const alone = [version === undefined ? [] : ["--version"], message === undefined ? [] : ["--message"]].flat();
    if (alone.length === 0) return undefined;
    throw new Problem(`${alone.join(" and ")} without --push: only what goes to a registry has a version. Give --push REGISTRY too.`);
  }
  if (version === undefined) throw new Problem("--push without --version: a release has a version. Give --version X.Y.Z.");
  if (message === undefined || message.trim() === "" || message.length > LONGEST_MESSAGE || message.includes("\n")) {
    throw new Problem(
      `--message is ${message === undefined ? "missing" : JSON.stringify(message.slice(0, 60))}: a release says what is new in it, ` +
        `in one line of at most ${LONGEST_MESSAGE} characters. Give -m "…".`,
    );
  }
  return { registry: push, version: checkVersion(version), message: message.trim() };
}
