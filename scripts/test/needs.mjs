import { Problem } from "../problem.mjs";
import { onPath } from "../setup/python.mjs";

/** Programs that the tests take from the system: everything else they bring. By part, since each part can run alone. */
const NEEDS = [{ program: "git", parts: ["jest", "local"], why: "they make clones" }];

/**
 * @param {readonly string[]} parts names of those that are to run
 * @throws {Problem} that names each program that is missing, what needs it, and the way out
 */
export function checkNeeds(parts) {
  const missing = NEEDS.filter(({ program, parts: needy }) => parts.some((part) => needy.includes(part)) && onPath(program) === undefined);
  if (missing.length === 0) return;
  const lines = missing.map(({ program, parts: needy, why }) => `${program} is not on PATH: the parts ${needy.join(" and ")} of the tests need it, since ${why}.`);
  const needy = missing.flatMap(({ parts: names }) => names);
  throw new Problem(
    `${lines.join("\n")}\nInstall it, on Debian and Ubuntu: sudo apt install ${missing.map(({ program }) => program).join(" ")}\n` +
      `Or run the other parts, by name: npm test -- NAME...   (not ${needy.join(", ")})`,
  );
}
