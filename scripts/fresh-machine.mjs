// `npm run test:fresh`: shows that the README's two commands work on a machine that has only Node and Python. Makes a container of Debian
// with both, clones what is committed here into it, and runs `npm start` and `npm test` there as a user who is not root. After `--`, names of
// parts of the tests. NODE_IMAGE names another image of Debian with Node; PORTA_IMAGE_TOOL the tool: docker, podman or buildah.
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdtempSync, mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./paths.mjs";
import { Problem } from "./problem.mjs";
import { environmentFor } from "./process/environment.mjs";
import { freePorts } from "./process/ports.mjs";
import { portVariables } from "./settings.mjs";

const TOOLS = ["docker", "podman", "buildah"];
/** buildah's own limit is 1,024 files, and a test opens a thousand connections. Not more than a machine may have itself: none can give more than that. */
const FILES = "nofile=8192:8192";
const IMAGE = "localhost/porta/fresh-machine";

/** @param {string} tool */
const works = (tool) => spawnSync(tool, tool === "buildah" ? ["images", "-q"] : ["info"], { stdio: "ignore" }).status === 0;

/** @returns {string} */
function findTool() {
  const chosen = process.env.PORTA_IMAGE_TOOL;
  if (chosen && !TOOLS.includes(chosen)) throw new Problem(`PORTA_IMAGE_TOOL is "${chosen}": allowed is one of ${TOOLS.join(", ")}.`);
  const tool = (chosen ? [chosen] : TOOLS).find(works);
  if (tool === undefined) throw new Problem(`None of ${chosen || TOOLS.join(", ")} works here. Install one of them, or start its daemon.`);
  return tool;
}

/**
 * Where packages come from on this machine, for the other one: variables, and copies of the files of certificates that they name.
 * @param {string} context folder whose files will be in /machine
 * @returns {Record<string, string>}
 */
function sources(context) {
  /** @type {Record<string, string>} */
  const env = {};
  const everywhere = environmentFor("plain");
  for (const [name, value] of Object.entries(environmentFor("installer"))) {
    const certificates = /CERT|CA_BUNDLE|cafile/i.test(name);
    if (certificates && existsSync(value) && !name.endsWith("_DIR")) {
      mkdirSync(join(context, "certificates"), { recursive: true });
      copyFileSync(value, join(context, "certificates", name));
      env[name] = `/machine/certificates/${name}`;
    } else if (!certificates && process.env[name] !== undefined && !(name in everywhere) && !/CACHE|config$|CONFIG_FILE|FIND_LINKS/i.test(name)) {
      env[name] = value;
    }
  }
  return env;
}

/**
 * @param {string} tool
 * @param {readonly string[]} args
 * @returns {number}
 */
function run(tool, args) {
  const { status, error } = spawnSync(tool, args, { stdio: "inherit" });
  if (error !== undefined) throw new Problem(`${tool} could not be started: ${error.message}`);
  return status ?? 1;
}

/**
 * @param {string} tool
 * @param {string} context
 */
async function runMachine(tool, context) {
  const env = sources(context);
  const isolation = tool === "buildah" && process.getuid?.() === 0 ? ["--isolation", "chroot"] : [];
  const nodeImage = process.env.NODE_IMAGE || "docker.io/library/node:22-slim";
  const proxies = Object.entries(env).filter(([name]) => /^[a-z]+_proxy$/i.test(name));
  const args = [["NODE_IMAGE", nodeImage], ...proxies].flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
  // An image that is here is taken as it is; docker does so anyway.
  const here = tool !== "docker" && spawnSync(tool, ["inspect", nodeImage], { stdio: "ignore" }).status === 0;
  const pull = here ? ["--pull=never"] : [];
  const build = tool === "buildah" ? ["bud", ...isolation] : ["build"];
  const built = run(tool, [...build, ...pull, ...args, "-t", IMAGE, context]);
  if (built !== 0) throw new Problem(`${tool} could not build the machine: see above.`);
  const command = ["node", "/machine/inside.mjs", ...process.argv.slice(2)];
  const given = { ...env, HOME: "/home/node" };
  if (tool !== "buildah") {
    const flags = Object.entries(given).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
    return run(tool, ["run", "--rm", "--init", "--ulimit", FILES, "--user", "node", "--workdir", "/home/node", ...flags, IMAGE, ...command]);
  }
  // buildah shares this machine's network: the platform there takes ports that are free here.
  const names = Object.values(portVariables).map(({ variable }) => variable);
  const ports = await freePorts(names.length);
  const all = { ...given, ...Object.fromEntries(names.map((name, index) => [name, String(ports[index])])) };
  const flags = Object.entries(all).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
  const container = execFileSync(tool, ["from", "--pull=never", "--ulimit", FILES, IMAGE], { encoding: "utf8" }).trim();
  try {
    return run(tool, ["run", ...isolation, "--user", "node", "--workingdir", "/home/node", ...flags, container, "--", ...command]);
  } finally {
    spawnSync(tool, ["rm", container], { stdio: "ignore" });
  }
}

const context = mkdtempSync(join(tmpdir(), "porta-fresh-"));
try {
  const git = (/** @type {string[]} */ ...args) => execFileSync("git", ["-C", root, ...args], { encoding: "utf8" }).trim();
  if (git("status", "--porcelain") !== "") console.log("What is not committed is not on the fresh machine.");
  git("bundle", "create", "--quiet", join(context, "porta.bundle"), "HEAD");
  cpSync(join(root, "scripts", "fresh-machine"), context, { recursive: true });
  process.exitCode = await runMachine(findTool(), context);
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  console.error(`\n  ${error.message}\n`);
  process.exitCode = 1;
} finally {
  rmSync(context, { recursive: true, force: true });
}
