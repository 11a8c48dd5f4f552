import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";

/**
 * A process as it can be found again: the pid alone would name a stranger once it is reused.
 * @typedef {{ readonly pid: number, readonly started: string }} ProcessId
 */

/**
 * @typedef {object} ProcessEntry
 * @property {number} pid
 * @property {number} parent
 * @property {number} group
 * @property {boolean} zombie ended, but not yet collected by its parent
 * @property {string} name
 * @property {number} cpu seconds of CPU time, with that of children that have ended
 * @property {string} started kernel's own words for when it started: to be compared, not read
 */

const onLinux = process.platform === "linux";
/** What Linux tells programs, whatever it uses inside: sysconf(3), _SC_CLK_TCK. */
const TICKS_PER_SECOND = 100;
const bootId = onLinux ? readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim() : "";

/**
 * @param {number} pid
 * @returns {ProcessEntry | undefined}
 */
function entryFromProc(pid) {
  let stat;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return undefined;
  }
  // proc(5): pid (name) state ppid pgrp … starttime is field 22. The name may hold spaces and brackets.
  const name = stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")"));
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return {
    pid,
    parent: Number(fields[1]),
    group: Number(fields[2]),
    zombie: fields[0] === "Z" || fields[0] === "X",
    name,
    // utime, stime and the same of children that were waited for.
    cpu: fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND,
    started: `${bootId}/${fields[19]}`,
  };
}

/**
 * @param {string[]} selection
 * @returns {ProcessEntry[]}
 */
function entriesFromPs(selection) {
  let text;
  try {
    // A column a flag: BSD's ps takes all that follows a "=" for the column's head.
    const columns = ["pid", "ppid", "pgid", "stat", "time", "lstart", "comm"].flatMap((column) => ["-o", `${column}=`]);
    text = execFileSync("ps", [...columns, ...selection], {
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C" },
    });
  } catch {
    return [];
  }
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [pid, parent, group, state, time = "", ...rest] = line.trim().split(/\s+/);
      // lstart is five words: Sun Nov 22 11:10:00 2026
      const name = rest.slice(5).join(" ");
      return {
        pid: Number(pid),
        parent: Number(parent),
        group: Number(group),
        zombie: (state ?? "").startsWith("Z"),
        name: name.slice(name.lastIndexOf("/") + 1),
        // [days-]hours:minutes:seconds, the parts before the seconds only where there are any
        cpu: time.split(/[-:]/).reduce((sum, part, index, parts) => sum * (parts.length === 4 && index === 1 ? 24 : 60) + Number(part), 0),
        started: rest.slice(0, 5).join(" "),
      };
    });
}

/**
 * @param {number} pid
 * @returns {ProcessEntry | undefined} what the system says of a process; undefined if there is none
 */
export function lookUp(pid) {
  return onLinux ? entryFromProc(pid) : entriesFromPs(["-p", String(pid)])[0];
}

/** @returns {ProcessEntry[]} every process that may be seen */
export function allProcesses() {
  if (!onLinux) return entriesFromPs(["-A"]);
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => entryFromProc(Number(name)) ?? []);
}

/**
 * @param {number} pid
 * @returns {ProcessId}
 */
export function identify(pid) {
  return { pid, started: lookUp(pid)?.started ?? "" };
}

/**
 * @param {ProcessId} id
 * @returns {boolean} whether that very process still runs
 */
export function isRunning({ pid, started }) {
  const entry = lookUp(pid);
  return entry !== undefined && !entry.zombie && entry.started === started;
}

/**
 * @param {number} group
 * @returns {ProcessEntry[]} the members of a process group that still run
 */
export function groupMembers(group) {
  return allProcesses().filter((entry) => entry.group === group && !entry.zombie);
}

/**
 * @param {number} pid
 * @returns {number[]} the processes that it has started itself and that still run
 */
export function childrenOf(pid) {
  return allProcesses()
    .filter((entry) => entry.parent === pid && !entry.zombie)
    .map((entry) => entry.pid);
}

/**
 * @param {number} pid
 * @returns {ProcessEntry[]} a process and all that descend from it
 */
export function processTree(pid) {
  const all = allProcesses().filter((entry) => !entry.zombie);
  const tree = all.filter((entry) => entry.pid === pid);
  for (const member of tree) tree.push(...all.filter((entry) => entry.parent === member.pid));
  return tree;
}
