import { Problem } from "../problem.mjs";
import { runCommand } from "../setup/command.mjs";
import { localReference, repository } from "./catalogue.mjs";
import { Checkout } from "./checkout.mjs";
import { Context } from "./context.mjs";
import { argumentsOf } from "./dockerfile.mjs";
import { USAGE, readOptions } from "./options.mjs";
import { record, recordPath } from "./record.mjs";
import { Registry } from "./registry.mjs";
import { findTool, hasImage } from "./tools.mjs";
import { highest, requireHigher } from "./version.mjs";

/**
 * @typedef {object} Surroundings
 * @property {string} root of the checkout
 * @property {NodeJS.ProcessEnv} env
 * @property {import("../terminal.mjs").Terminal} terminal
 */

/**
 * `npm run images`.
 * @param {string[]} argv
 * @param {Surroundings} surroundings
 * @throws {Problem}
 */
export async function run(argv, { root, env, terminal }) {
  const options = readOptions(argv);
  if (options === undefined) {
    terminal.line(USAGE);
    return;
  }
  const checkout = new Checkout(root);
  requireKnown(options.buildArgs, options.images, checkout);
  if (options.release === undefined) await buildHere(options, checkout, { env, terminal });
  else await releaseTo(options, options.release, checkout, { env, terminal });
}

/**
 * @param {import("./options.mjs").Options} options
 * @param {Checkout} checkout
 * @param {Omit<Surroundings, "root">} surroundings
 */
async function buildHere({ images, tool: chosen, buildArgs, dryRun }, checkout, { env, terminal }) {
  const tool = findTool({ chosen, env, pushing: false });
  const job = new Job({ tool, env, terminal, dryRun });
  /** @type {Record<string, string>} */
  const references = {};
  for (const image of images) {
    const context = new Context(image, checkout, buildArgs);
    const reference = localReference(image, context.tag);
    references[image.variable] = reference;
    if (hasImage(tool, reference, env)) {
      terminal.line(`  ✓ ${image.name} is built: ${reference}`);
      continue;
    }
    const revision = checkout.revision([image.dockerfile, ...image.inputs]);
    await job.build(context, reference, labels({ checkout, revision, version: `0.0.0-${context.tag}` }));
  }
  if (dryRun) return;
  record(checkout.root, references);
  terminal.line(`\n  ${Object.entries(references).map(([name, reference]) => `${name}=${reference}`).join("\n  ")}\n`);
  terminal.line(`  They are in ${tool.store}; the stacks take them unless told otherwise (${recordPath(checkout.root)}).`);
}

/**
 * @param {import("./options.mjs").Options} options
 * @param {import("./options.mjs").Release} release
 * @param {Checkout} checkout
 * @param {Omit<Surroundings, "root">} surroundings
 */
async function releaseTo({ images, tool: chosen, buildArgs, dryRun }, { registry: text, version, message }, checkout, { env, terminal }) {
  const registry = new Registry(text, env);
  checkout.requireClean();
  const lasts = await Promise.all(
    images.map(async (image) => ({ name: image.name, last: highest(await registry.tags(repository(image))) })),
  );
  requireHigher(version, lasts);
  const tool = findTool({ chosen, env, pushing: true });
  const job = new Job({ tool, env, terminal, dryRun });
  const labelled = labels({ checkout, revision: checkout.revision(), version, message });

  // All are built before the first is pushed: a registry never holds half a release because a build failed.
  const built = [];
  for (const image of images) {
    const reference = registry.reference(repository(image), version);
    await job.build(new Context(image, checkout, buildArgs), reference, labelled);
    built.push({ image, reference });
  }
  const lines = [];
  for (const { image, reference } of built) {
    for (const tag of [version, "latest"]) {
      await job.push(reference, registry.reference(repository(image), tag), registry);
    }
    if (!dryRun) lines.push(`${image.variable}=${reference}@${await registry.digest(repository(image), version)}`);
  }
  if (!dryRun) terminal.line(`\n  Released. For .env, where the stacks shall take them from there:\n\n  ${lines.join("\n  ")}\n`);
}

/**
 * @param {{ checkout: Checkout, revision: string, version: string, message?: string }} values
 * @returns {Record<string, string>} the image specification's names (github.com/opencontainers/image-spec, annotations.md), and our own
 */
const labels = ({ checkout, revision, version, message = "" }) => ({
  "org.opencontainers.image.source": checkout.source(),
  "org.opencontainers.image.revision": revision,
  "org.opencontainers.image.version": version,
  "porta.message": message,
});

/** Builds and pushes with one tool; says what it does, or only what it would do. */
class Job {
  /** @param {{ tool: import("./tools.mjs").Tool, env: NodeJS.ProcessEnv, terminal: import("../terminal.mjs").Terminal, dryRun: boolean }} options */
  constructor({ tool, env, terminal, dryRun }) {
    this.tool = tool;
    this.env = env;
    this.terminal = terminal;
    this.dryRun = dryRun;
  }

  /**
   * @param {Context} context
   * @param {string} reference
   * @param {Readonly<Record<string, string>>} labels
   */
  async build(context, reference, labels) {
    const { name } = context.image;
    if (this.dryRun) {
      this.terminal.line(`  would build ${name} from ${context.files.length} files, with ${this.tool.name}:`);
      this.terminal.line(`    ${this.tool.build(reference, "CONTEXT").join(" ")}`);
      for (const [name, value] of Object.entries(labels)) if (value !== "") this.terminal.line(`    ${name}: ${value}`);
      return;
    }
    await this.terminal.step(`${name}: ${this.tool.name} builds ${reference}`, () =>
      context.laidOut(labels, async (folder) => {
        const wayOut = "What the Dockerfile needs from elsewhere are its base images and packages: can this machine fetch them?";
        await this.#run(this.tool.build(reference, folder), `images-${name}`, wayOut);
        // minikube ends with 0 whatever happened (kubernetes/minikube#12556).
        if (!hasImage(this.tool, reference, this.env)) {
          throw new Problem(`${this.tool.name} says that it has built ${reference}, and then does not have it. Its log is .porta/log/images-${name}.log.`);
        }
      }),
    );
  }

  /**
   * @param {string} reference
   * @param {string} target
   * @param {Registry} registry
   */
  async push(reference, target, { plainHttp }) {
    const commands = this.tool.push?.(reference, target, plainHttp) ?? [];
    if (this.dryRun) {
      for (const command of commands) this.terminal.line(`  would push: ${command.join(" ")}`);
      return;
    }
    await this.terminal.step(`${this.tool.name} pushes ${target}`, async () => {
      for (const command of commands) await this.#run(command, "images-push", "Is there a login for it, and room?");
    });
  }

  /**
   * @param {import("./tools.mjs").Command} command
   * @param {string} name of the log
   * @param {string} wayOut
   */
  #run([command = "", ...args], name, wayOut) {
    return runCommand(command, args, { name, env: this.env, wayOut });
  }
}

/**
 * @param {Readonly<Record<string, string>>} buildArgs
 * @param {readonly import("./catalogue.mjs").Image[]} images
 * @param {Checkout} checkout
 * @throws {Problem} for one that no Dockerfile knows
 */
function requireKnown(buildArgs, images, checkout) {
  const known = [...new Set(images.flatMap(({ dockerfile }) => argumentsOf(checkout.read(dockerfile).toString())))];
  const unknown = Object.keys(buildArgs).filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Problem(`--build-arg ${unknown.join(", ")}: no Dockerfile takes it. Allowed: ${known.join(", ")}.`);
}
