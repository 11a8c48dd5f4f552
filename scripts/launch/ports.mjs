import { Problem } from "../problem.mjs";
import { holderOf } from "../process/holder.mjs";
import { obstacle } from "../process/ports.mjs";
import { portVariables, portsToOpen } from "../settings.mjs";

/**
 * @param {import("../settings.mjs").Settings} settings
 * @throws {Problem} that lists each port which cannot be had, who holds it, and the way out
 */
export async function checkPorts(settings) {
  /** @type {string[]} */
  const problems = [];
  for (const name of portsToOpen(settings)) {
    const port = settings.ports[name];
    const code = await obstacle(port);
    if (code === undefined) continue;
    const { variable, what } = portVariables[name];
    const elsewhere = `${variable}=${port < 1024 ? 8080 : port + 10_000 > 65_535 ? port - 10_000 : port + 10_000} ${settings.command}`;
    if (code === "EACCES") {
      problems.push(`Port ${port} (${what}) is reserved to the administrator. Take another: ${elsewhere}`);
      continue;
    }
    const holder = holderOf(port);
    const who = holder === undefined ? "is taken" : `is taken by ${holder.name} (process ${holder.pid})`;
    const end = holder === undefined ? "End what holds it" : `End it: kill ${holder.pid}`;
    const use = name === "redis" ? `, or use it: REDIS_ADDR=localhost:${port} ${settings.command}` : "";
    problems.push(`Port ${port} (${what}) ${who}. ${end}, or take another: ${elsewhere}${use}`);
  }
  if (problems.length > 0) throw new Problem(problems.join("\n"));
}
