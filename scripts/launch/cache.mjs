import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { connect, isIP } from "node:net";
import { connect as connectTls } from "node:tls";
import { portVariables } from "../settings.mjs";

/** Longer than a Redis that is merely slow needs: the frontend waits as long for one. */
const PATIENCE_MS = 2_000;

/** A key that no result has, since steps are counted from 1. */
const UNUSED = "propagation/0";

/**
 * What an error of Redis or of the connection to it means: the table that frontend, workers and notebooks read, too.
 * @type {{ name: string, match: string, says: string, wayOut: string }[]}
 */
const troubles = createRequire(import.meta.url)("../../services/propagation/src/porta/redis-troubles.json");

/**
 * Asks a Redis that runs already for what the platform will need of it.
 * @param {string} address as in REDIS_ADDR
 * @param {NodeJS.ProcessEnv} env with the account
 * @param {boolean} writes whether workers that are started here will write to it
 * @returns {Promise<string | undefined>} what is wrong and the way out; undefined where nothing is, or where the address is none: the
 *   frontend says that
 */
export async function cacheTrouble(address, env, writes) {
  const target = readAddress(address, env);
  if (target === undefined) return undefined;
  const { host, port, tls, username, password, db } = target;
  const commands = [
    ...(password ? [["AUTH", ...(username ? [username] : []), password]] : []),
    ...(db === "" || db === "0" ? [] : [["SELECT", db]]),
    ["HMGET", UNUSED, "manifest"],
    ...(writes ? [["DEL", UNUSED]] : []),
  ];
  const said = await firstError({ host, port, tls }, commands);
  if (said === undefined) return undefined;
  const where = `${host}:${port}`;
  const row = troubles.find(({ match }) => new RegExp(match).test(said));
  return row === undefined ? `The cache at ${where} failed (${said}).` : `The cache at ${where} ${row.says}. ${row.wayOut}`;
}

/**
 * @param {string} address
 * @param {NodeJS.ProcessEnv} env
 */
function readAddress(address, env) {
  try {
    const url = new URL(address.includes("://") ? address : `redis://${address}`);
    const file = env.REDIS_PASSWORD_FILE;
    return {
      host: url.hostname.replace(/^\[|\]$/g, ""),
      port: Number(url.port || portVariables.redis.standard),
      tls: url.protocol === "rediss:",
      username: decodeURIComponent(url.username) || env.REDIS_USERNAME,
      password: decodeURIComponent(url.password) || env.REDIS_PASSWORD || (file ? readFileSync(file, "utf8").replace(/\r?\n$/, "") : undefined),
      db: url.pathname.slice(1),
    };
  } catch {
    return undefined;
  }
}

/**
 * @param {{ host: string, port: number, tls: boolean }} target
 * @param {readonly (readonly string[])[]} commands
 * @returns {Promise<string | undefined>} the first error reply, or how the connection failed; undefined where all were answered
 */
function firstError({ host, port, tls }, commands) {
  return new Promise((resolve) => {
    const socket = tls ? connectTls({ host, port, ...(isIP(host) ? {} : { servername: host }) }) : connect({ host, port });
    const over = tls ? "tls " : "";
    let answer = "";
    const end = (/** @type {string | undefined} */ said) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(said);
    };
    const timer = setTimeout(() => end(`${over}timed out`), PATIENCE_MS);
    socket.setEncoding("utf8");
    socket.once("error", (/** @type {NodeJS.ErrnoException} */ error) => end(`${over}${error.code ?? ""} ${error.message}`));
    socket.once("close", () => end(`${over}closed before an answer`));
    socket.on("data", (/** @type {string} */ data) => {
      answer += data;
      if (!/^[+\-:*$]/.test(answer)) return end(`Unknown RESP type ${answer.charCodeAt(0)} `);
      // One line a reply; that of HMGET is followed by a line for its only field.
      const replies = answer.split("\r\n").slice(0, -1).filter((line) => !line.startsWith("$"));
      const error = replies.find((line) => line.startsWith("-") && !line.includes("without any password configured"));
      if (error !== undefined) return end(error.slice(1));
      if (replies.length >= commands.length) end(undefined);
    });
    socket.write(commands.map((words) => `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join("")}`).join(""));
  });
}
