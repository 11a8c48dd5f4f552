import { until } from "../../../scripts/process/wait.mjs";
import { ask, served } from "../support/clients";
import { dispatch } from "../support/dispatch";
import { lay, lift } from "../support/overlay";
import type { Platform } from "../support/platform";
import { isReady } from "../support/pods";

/** Where a package's version is read from. */
const METADATA = 'import importlib.metadata as metadata; print(metadata.distribution("isal").locate_file(f"isal-{metadata.version(\'isal\')}.dist-info/METADATA"))';

/** Workers with another version of one package: a pool that could make other bytes. */
export function environment(platform: Platform): void {
  test("a pool whose Python environment differs from the scheduler's does not become ready, and says why; what is cached is still served", async () => {
    const address = await platform.address();
    // Redis may just have been replaced: until a frontend has found the new one, it says so to new requests.
    await served(`${address}/propagation/950/summary`);
    const { metadata: { name } } = await platform.pod("dask-workers");
    const path = (await platform.cluster.exec(name, ["python", "-c", METADATA])).trim();
    const text = await platform.cluster.exec(name, ["cat", path]);
    await lay(platform.cluster, { role: "dask-workers", path, text: text.replace(/^Version: .*$/m, "Version: 0.0.1") });
    try {
      const words = /worker tls:\S+ has isal 0\.0\.1, the scheduler \d\S+: all must agree/;
      await until(async () => words.test(await dispatch(platform, "GET", "/health")), { what: "dispatch says what differs", timeout: 200_000 });
      await until(async () => !(await platform.pods("dask-scheduler")).some(isReady), { what: "the scheduler is not ready", timeout: 60_000 });
      const log = await platform.cluster.run(["logs", "deployment/dask-scheduler"]);
      expect(log).toMatch(words);

      const fresh = await ask(`${address}/propagation/951/summary`);
      expect(fresh).toMatchObject({ status: 503, headers: { "retry-after": expect.any(String) as string } });
      expect(fresh.text).toMatch(words);
      expect(await ask(`${address}/propagation/950/summary`)).toMatchObject({ status: 200, headers: { "x-cache": "hit" } });
    } finally {
      await lift(platform.cluster, { role: "dask-workers", path });
    }
    await platform.ready();
    await served(`${address}/propagation/951/summary`);
  }, 600_000);
}
