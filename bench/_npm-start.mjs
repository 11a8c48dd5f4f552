import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../scripts/paths.mjs";
import { freePorts, LOOPBACK } from "../scripts/process/ports.mjs";
import { portVariables } from "../scripts/settings.mjs";

/**
 * Types `npm start`, on free ports and with an empty folder for its state, and waits until it says that it is ready.
 * @returns {Promise<{ began: number, url: string, part: (name: string) => number, stop: () => Promise<void> }>}
 *   `began` as performance.now() has it; `part` gives the process id of a part
 */
export async function npmStart() {
  const variables = Object.values(portVariables).map(({ variable }) => variable);
  const ports = await freePorts(variables.length);
  const env = Object.fromEntries(variables.map((variable, index) => [variable, String(ports[index])]));
  const folder = mkdtempSync(join(tmpdir(), "porta-bench-"));
  const began = performance.now();
  const npm = spawn("npm", ["start"], {
    cwd: root, detached: true, stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, ...env, PORTA_HOME: folder, PORTA_WORKERS: "2" },
  });
  const ended = new Promise((resolve) => npm.once("close", resolve));
  const stop = async () => {
    if (npm.exitCode === null && npm.pid !== undefined) process.kill(-npm.pid, "SIGINT");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await new Promise((resolve, reject) => {
      let output = "";
      npm.stdout.on("data", (/** @type {Buffer} */ data) => {
        output += data.toString();
        if (output.includes("ready in")) resolve(undefined);
      });
      void ended.then(() => reject(new Error(`npm start has ended:\n${output}`)));
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    began,
    url: `http://${LOOPBACK}:${env.PORT}`,
    part: (name) => {
      /** @type {{ children: { name: string, pid: number }[] }} */
      const { children } = JSON.parse(readFileSync(join(folder, "run.json"), "utf8"));
      const found = children.find((child) => child.name === name);
      if (found === undefined) throw new Error(`npm start has no part ${name}`);
      return found.pid;
    },
    stop,
  };
}
