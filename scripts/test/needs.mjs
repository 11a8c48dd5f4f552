import { execFileSync } from "node:child_process";
import { Problem } from "../problem.mjs";
import { onPath } from "../setup/python.mjs";

/** Programs that the tests take from the system: everything else they bring. By part, since each part can run alone. */
const NEEDS = [{ program: "git", parts: ["jest", "local"], why: "they make clones" }];

/** The part `jest` opens a thousand connections from one process, each with two ends on this machine. */
const LEAST_FILES = 4096;

/** @returns {number} how many files a process may open once it asks for as many as it may, as Node does when it starts */
function mostFiles() {
  const said = execFileSync("/bin/sh", ["-c", "ulimit -Hn"], { encoding: "utf8" }).trim();
  return said === "unlimited" ? Infinity : Number(said);
}

/**
 * @param {readonly string[]} parts names of those that are to run
 * @throws {Problem} that names each program that is missing, what needs it, and the way out
 */
export function checkNeeds(parts) {
  if (parts.includes("jest") && mostFiles() < LEAST_FILES) {
    throw new Problem(
      `A process may open ${mostFiles()} files here: the part jest of the tests needs ${LEAST_FILES}. ` +
        `Raise the hard limit (ulimit -Hn; for a container: --ulimit nofile=${LEAST_FILES}), or run the other parts, by name: npm test -- NAME...`,
    );
  }
  const missing = NEEDS.filter(({ program, parts: needy }) => parts.some((part) => needy.includes(part)) && onPath(program) === undefined);
  if (missing.length === 0) return;
  const lines = missing.map(({ program, parts: needy, why }) => `${program} is not on PATH: the parts ${needy.join(" and ")} of the tests need it, since ${why}.`);
  const needy = missing.flatMap(({ parts: names }) => names);
  throw new Problem(
    `${lines.join("\n")}\nInstall it, on Debian and Ubuntu: sudo apt install ${missing.map(({ program }) => program).join(" ")}\n` +
      `Or run the other parts, by name: npm test -- NAME...   (not ${needy.join(", ")})`,
  );
}
