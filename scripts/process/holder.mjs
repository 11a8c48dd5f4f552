import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, readlinkSync } from "node:fs";
import { allProcesses } from "./table.mjs";

/**
 * A socket that waits for connections.
 * @typedef {{ readonly address: string, readonly port: number, readonly inode: string }} Listener
 */

const LISTEN = "0A"; // proc(5), /proc/net/tcp: the state of a socket, in hexadecimal

/**
 * @param {string} hex as the kernel prints it: words of four bytes, each in the machine's order (little-endian wherever we run)
 * @returns {string}
 */
function address(hex) {
  const bytes = hex.match(/.{8}/g)?.flatMap((word) => (word.match(/../g) ?? []).reverse()) ?? [];
  if (bytes.length === 4) return bytes.map((byte) => parseInt(byte, 16)).join(".");
  const plain = bytes.join("").toLowerCase();
  if (plain === "0".repeat(31) + "1") return "::1";
  return plain === "0".repeat(32) ? "::" : plain.replace(/(.{4})(?=.)/g, "$1:");
}

/** @returns {Listener[]} all listening TCP sockets of this machine (Linux) */
export function listeners() {
  return ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((table) => {
    let text;
    try {
      text = readFileSync(table, "utf8");
    } catch {
      return []; // a kernel without IPv6
    }
    return text
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === LISTEN)
      .map((fields) => {
        const [ip = "", port = ""] = (fields[1] ?? "").split(":");
        return { address: address(ip), port: parseInt(port, 16), inode: fields[9] ?? "" };
      });
  });
}

/**
 * @param {number} pid
 * @returns {Set<string>} the inodes of the sockets it has open; empty where we may not look
 */
export function socketsOf(pid) {
  try {
    const folder = `/proc/${pid}/fd`;
    const links = readdirSync(folder).map((fd) => {
      try {
        return readlinkSync(`${folder}/${fd}`);
      } catch {
        return "";
      }
    });
    return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
  } catch {
    return new Set();
  }
}

/**
 * @param {number} port
 * @returns {{ pid: number, name: string } | undefined} who listens on it, where the system tells us
 */
export function holderOf(port) {
  if (process.platform !== "linux") return holderFromLsof(port);
  const inodes = listeners()
    .filter((listener) => listener.port === port)
    .map(({ inode }) => inode);
  if (inodes.length === 0) return undefined;
  return allProcesses().find(({ pid }) => {
    const sockets = socketsOf(pid);
    return inodes.some((inode) => sockets.has(inode));
  });
}

/**
 * @param {number} port
 * @returns {{ pid: number, name: string } | undefined}
 */
function holderFromLsof(port) {
  try {
    const text = execFileSync("lsof", ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fpc"], { encoding: "utf8", stdio: "pipe" });
    const [, pid, name] = /p(\d+)\nc(.*)/.exec(text) ?? [];
    return pid === undefined || name === undefined ? undefined : { pid: Number(pid), name };
  } catch {
    return undefined;
  }
}
