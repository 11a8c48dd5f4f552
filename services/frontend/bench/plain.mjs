// Clients that do not accept gzip, many at once: how many are served, and the memory that the frontend takes for it.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { LOOPBACK } from "../../../scripts/process/ports.mjs";
import { startFrontend } from "./_frontend.mjs";

const CLIENTS = 1_000;
const SMALL = "/propagation/7777/data.json";
const SILENT = 500;
const LARGE = "/propagation/1000000/data.json";

const frontend = await startFrontend([7_777, 1_000_000]);

/** @param {string} path */
function open(path) {
  const socket = connect(frontend.port, LOOPBACK);
  socket.on("error", () => undefined);
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  return socket;
}

/**
 * Resolves to the status and the bytes of the body.
 * @param {string} path
 */
async function ask(path) {
  const socket = open(path);
  let bytes = 0;
  let head = "";
  socket.on("data", (data) => {
    if (!head.includes("\r\n\r\n")) head += data.toString("latin1");
    bytes += data.length;
  });
  await once(socket, "close");
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
  return head.startsWith("HTTP/1.1 200 ") && bytes === head.indexOf("\r\n\r\n") + 4 + length;
}

/** The most memory that the frontend has ever had, in MB; undefined where the system does not tell. */
function peak() {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${frontend.pid}/status`, "utf8"))?.[1]) / 1024;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} name
 * @param {number} value
 * @param {string} unit
 * @param {string} goal
 */
const row = (name, value, unit, goal) => console.log(JSON.stringify({ name, value, unit, goal }));

try {
  const before = peak();
  const served = await Promise.all(Array.from({ length: CLIENTS }, () => ask(SMALL)));
  row(`${CLIENTS} plain clients of 7,777 steps at once, served`, served.filter(Boolean).length, "", `≥ ${CLIENTS}`);
  const after = peak();
  if (before !== undefined && after !== undefined) row("the frontend's memory for them, more", after - before, "MB", "≤ 100");

  const silent = Array.from({ length: SILENT }, () => open(LARGE));
  await Promise.all(silent.map((socket) => once(socket, "readable")));
  const begin = performance.now();
  const beside = await Promise.all(Array.from({ length: 10 }, () => ask(SMALL)));
  const ms = performance.now() - begin;
  if (!beside.every(Boolean)) throw new Error("Not every client was served beside silent ones.");
  row(`10 plain clients of 7,777 steps beside ${SILENT} that read nothing of a million`, ms, "ms", "≤ 2000");
  const most = peak();
  if (before !== undefined && most !== undefined) row("the frontend's memory for all of them, more", most - before, "MB", "≤ 300");
  for (const socket of silent) socket.destroy();
} finally {
  await frontend.stop();
}
