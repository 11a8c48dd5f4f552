import { availableParallelism } from "node:os";
import { Problem } from "./problem.mjs";

/**
 * Every port that a platform on one machine listens on and that has a number of its own: what it is for, and the variable that moves it.
 */
export const portVariables = /** @type {const} */ ({
  frontend: { variable: "PORT", standard: 8080, what: "the page" },
  metrics: { variable: "METRICS_PORT", standard: 9464, what: "the frontend's metrics" },
  scheduler: { variable: "PORTA_SCHEDULER_PORT", standard: 8786, what: "the Dask scheduler" },
  dashboard: { variable: "PORTA_DASHBOARD_PORT", standard: 8787, what: "Dask's dashboard" },
  dispatch: { variable: "PORTA_DISPATCH_PORT", standard: 8788, what: "dispatch" },
  redis: { variable: "PORTA_REDIS_PORT", standard: 6379, what: "Valkey" },
  jupyter: { variable: "PORTA_JUPYTER_PORT", standard: 8888, what: "JupyterLab" },
});

/** @typedef {keyof typeof portVariables} PortName */

/**
 * @typedef {object} Settings
 * @property {Record<PortName, number>} ports
 * @property {number} workers
 * @property {string} maxmemory of the Valkey that we start
 * @property {string | undefined} redis address of one that runs already
 * @property {string | undefined} scheduler address of one that runs already
 * @property {string | undefined} dispatch URL, where it cannot be told from the scheduler's address
 * @property {boolean} jupyter whether JupyterLab is wanted too
 * @property {string} command what the user has typed
 */

const JUPYTER = "--jupyter";

/** What `npm start` does instead of running in the terminal. */
const ACTIONS = /** @type {const} */ (["detach", "stop", "status"]);

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {readonly string[]} args what stands behind `npm start --`
 * @returns {{ action: "start" | (typeof ACTIONS)[number], rest: string[] }} `rest`: the other arguments
 * @throws {Problem} where two exclude each other
 */
export function readAction(env, args) {
  // npm keeps an option to itself that does not stand behind `--`, and tells us so.
  const chosen = ACTIONS.filter((action) => args.includes(`--${action}`) || env[`npm_config_${action}`] === "true");
  if (chosen.length > 1) throw new Problem(`--${chosen[0]} and --${chosen[1]} exclude each other: give one of them.`);
  // pnpm hands on the `--` that npm takes away.
  return { action: chosen[0] ?? "start", rest: args.filter((arg) => arg !== "--" && !ACTIONS.some((action) => arg === `--${action}`)) };
}

/** More is a slip of the finger: each takes some 150 MB before it has anything to do. */
const MOST_WORKERS = 256;

/**
 * What `npm start` reads from its environment. What only a part of the platform reads (MAX_STEPS, REDIS_PASSWORD, …) goes on to it, and
 * that part checks it.
 * @param {NodeJS.ProcessEnv} env
 * @param {readonly string[]} [args] what stands behind `npm start --`
 * @returns {Settings}
 * @throws {Problem} that names variable, value and what is allowed
 */
export function readSettings(env, args = []) {
  const unknown = args.filter((arg) => arg !== JUPYTER);
  if (unknown.length > 0) {
    const allowed = [JUPYTER, ...ACTIONS.map((action) => `--${action}`)].join(", ");
    throw new Problem(`npm start does not know "${unknown.join(" ")}". It takes ${allowed}; for example: npm start -- ${JUPYTER}`);
  }
  const jupyter = args.includes(JUPYTER) || env.npm_config_jupyter === "true";
  const ports = /** @type {Record<PortName, number>} */ ({});
  for (const name of /** @type {PortName[]} */ (Object.keys(portVariables))) {
    const { variable, standard } = portVariables[name];
    ports[name] = integer(env, variable, standard, 1, 65_535);
  }
  const names = /** @type {PortName[]} */ (Object.keys(ports)).filter((name) => name !== "jupyter" || jupyter);
  for (const [index, name] of names.entries()) {
    const other = names.slice(0, index).find((earlier) => ports[earlier] === ports[name]);
    if (other === undefined) continue;
    const [first, second] = [portVariables[other].variable, portVariables[name].variable];
    throw new Problem(`${first} and ${second} are both ${ports[name]}: each needs a port of its own.`);
  }
  const maxmemory = env.REDIS_MAXMEMORY || "1gb";
  if (!/^[1-9][0-9]{0,14}([kmg]b?)?$/i.test(maxmemory)) {
    throw new Problem(`REDIS_MAXMEMORY is "${maxmemory}": allowed is a size as Redis writes it, such as 512mb or 2gb.`);
  }
  return {
    ports,
    workers: integer(env, "PORTA_WORKERS", Math.max(2, availableParallelism()), 1, MOST_WORKERS),
    maxmemory,
    redis: env.REDIS_ADDR || undefined,
    scheduler: env.DASK_SCHEDULER || undefined,
    dispatch: env.DISPATCH_URL || undefined,
    jupyter,
    command: jupyter ? `npm start -- ${JUPYTER}` : "npm start",
  };
}

/**
 * @param {Settings} settings
 * @returns {PortName[]} the ports that what we start will listen on
 */
export function portsToOpen({ redis, scheduler, jupyter }) {
  return [
    "frontend",
    "metrics",
    ...(scheduler === undefined ? /** @type {const} */ (["scheduler", "dashboard", "dispatch"]) : []),
    ...(redis === undefined ? /** @type {const} */ (["redis"]) : []),
    ...(jupyter ? /** @type {const} */ (["jupyter"]) : []),
  ];
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} variable
 * @param {number} standard
 * @param {number} least
 * @param {number} most
 */
function integer(env, variable, standard, least, most) {
  const text = env[variable] || String(standard);
  const value = Number(text);
  if (!/^[0-9]{1,9}$/.test(text) || value < least || value > most) {
    throw new Problem(
      `${variable} is "${text}": allowed is a whole number from ${least} to ${most}. Example: ${variable}=${standard} npm start`,
    );
  }
  return value;
}
