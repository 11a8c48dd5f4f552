// A frontend with a cache that holds runs, and without a pool.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { python } from "../../../scripts/paths.mjs";
import { frontendService } from "../../../scripts/platform/frontend.mjs";
import { redisEnv, startService } from "../../../scripts/platform/service.mjs";
import { findValkey, makePasswords, valkeyService } from "../../../scripts/platform/valkey.mjs";
import { freePorts, LOOPBACK } from "../../../scripts/process/ports.mjs";

const FILL = `
import sys
from porta.cache import from_env
from porta.propagate import compute
from porta.run import Run
for steps in sys.argv[1:]:
    run = Run(int(steps))
    result, segments = compute(run)
    from_env().results.write_whole(run, [segment.chunks for segment in segments], result.fields)
`;

/** @param {number[]} runs the steps of the runs that the cache holds */
export async function startFrontend(runs) {
  const directory = mkdtempSync(join(tmpdir(), "porta-bench-"));
  /** @type {{ stop(): Promise<unknown> }[]} */
  const children = [];
  const stop = async () => {
    for (const child of children.reverse()) await child.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const [redisPort, port, metricsPort] = /** @type {[number, number, number]} */ (await freePorts(3));
    const passwords = makePasswords();
    const address = `${LOOPBACK}:${redisPort}`;
    children.push(await startService(valkeyService({ port: redisPort, directory, passwords, binary: findValkey(python), python })));
    const worker = redisEnv({ address, username: "worker", password: passwords.worker });
    execFileSync(python, ["-c", FILL, ...runs.map(String)], { env: { ...process.env, ...worker } });
    const redis = { address, username: "frontend", password: passwords.frontend };
    const env = { LOG_LEVEL: "warn", DRAIN_MS: "0" };
    const frontend = await startService(frontendService({ port, metricsPort, redis, scheduler: `${LOOPBACK}:1`, directory, python, env }));
    children.push(frontend);
    return { port, url: `http://${LOOPBACK}:${port}`, pid: frontend.pid, directory, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
