import { Agent } from "node:http";
import { tableFromIPC } from "apache-arrow";
import contract from "../../../services/propagation/src/porta/contract.json";
import { roles } from "../../../stacks/roles";
import { type Answer, ask, Clients, served } from "../support/clients";
import { dispatch } from "../support/dispatch";
import { lay, lift, type Overlay } from "../support/overlay";
import type { Platform, Role } from "../support/platform";
import { Waiter } from "../support/watch";

const NOW = contract.engine;
const NEXT = NOW + 1;

const POOL: readonly Role[] = ["dask-scheduler", "dask-workers"];
const FRONTENDS: readonly Role[] = ["frontend"];

/**
 * The name of the folder that compiled code would be in, were contract.json what comes on standard input. That code does not depend on the
 * engine's number, but is named after the file that holds it.
 */
const FINGERPRINT = `
import hashlib, sys
from porta.compiled import SOURCES
from porta.fingerprint import PACKAGE
sources, numbers = hashlib.sha256(), sys.stdin.buffer.read()
for name in SOURCES:
    sources.update(numbers if name == "contract.json" else (PACKAGE / name).read_bytes())
print("porta-" + sources.hexdigest()[:16])
`;

/** Engine numbers differ for as long as a rollout takes, and a rollout back may go in another order. */
export function engines(platform: Platform): void {
  const { cluster } = platform;
  let overlays: readonly Overlay[];

  /** The files of the images that hold the engine's number, with the next one. */
  const next = async (): Promise<readonly Overlay[]> => {
    const read = async (role: Role, path: string): Promise<string> => cluster.exec((await platform.pod(role)).metadata.name, ["cat", path]);
    const change = (text: string, old: RegExp, wanted: string): string => {
      const changed = text.replace(old, wanted);
      if (changed === text) throw new Error(`There is no ${old} to change.`);
      return changed;
    };
    const [contractJson, entrypoint, server] = ["/opt/porta/lib/porta/contract.json", "/opt/porta/bin/entrypoint.sh", "/app/services/frontend/dist/server.js"];
    const numbers = change(await read("dask-workers", contractJson), /("engine": )\d+/, `$1${NEXT}`);
    const folder = await cluster.exec((await platform.pod("dask-workers")).metadata.name, ["python", "-c", FINGERPRINT], numbers);
    return [
      ...POOL.map((role): Overlay => ({ role, path: contractJson, text: numbers })),
      // An image would bring it compiled under its name.
      { role: "dask-workers", path: entrypoint, text: change(await read("dask-workers", entrypoint), /^exec /m, `mv "$cache"/porta-* "$cache/${folder.trim()}"\nexec `) },
      { role: "frontend", path: server, text: change(await read("frontend", server), /(contract_default = \{\s*engine: )\d+/, `$1${NEXT}`) },
    ];
  };
  const roll = async (which: readonly Role[], to: number): Promise<void> => {
    const mine = overlays.filter(({ role }) => which.includes(role));
    await Promise.all(mine.map((overlay) => (to === NEXT ? lay(cluster, overlay) : lift(cluster, overlay))));
    await platform.ready();
  };

  const engineOf = ({ text }: Answer): number => (JSON.parse(text) as { engine: number }).engine;
  const refused = (answer: Answer): string | null => {
    const { status, headers, text } = answer;
    if (status !== 503) return `${status} ${text.slice(0, 200)}`;
    return headers["retry-after"] && headers["content-type"]?.startsWith("application/problem+json") ? null : "a 503 that does not say when to come again";
  };
  /** 200 of an engine that is about, 202, or 503 with the way out: all that a client may get meanwhile. */
  const fault = (answer: Answer): string | null => {
    if (answer.status === 202) return null;
    if (answer.status !== 200) return refused(answer);
    return [NOW, NEXT].includes(engineOf(answer)) ? null : `engine ${engineOf(answer)}`;
  };

  /** Asks each frontend by itself. */
  const each = async (look: (address: string, index: number) => Promise<void>): Promise<void> => {
    const frontends = await platform.pods("frontend");
    const addresses = await Promise.all(frontends.map(({ metadata: { name } }) => cluster.forward(`pod/${name}`, roles.frontend.ports.http)));
    await Promise.all(addresses.map(look));
    cluster.endForwards();
  };
  /** Where all agree: what either engine has left in the cache is served as this engine's own. */
  const agree = (engine: number): Promise<void> => each(async (address) => {
    for (const steps of [1200, 1300, 1400]) {
      expect(await (await served(`${address}/propagation/${steps}/summary`)).json()).toMatchObject({ engine });
      const table = tableFromIPC(await (await served(`${address}/propagation/${steps}/data.arrow`)).arrayBuffer());
      expect(table.schema.metadata.get("engine")).toBe(String(engine));
    }
  });
  /** Where they do not: `steps` are those that the pool's engine has just computed, and left in the cache. */
  const differ = async (frontend: number, pool: number, steps: number): Promise<void> => {
    expect(JSON.parse(await dispatch(platform, "GET", "/health"))).toMatchObject({ engine: pool });
    expect(await dispatch(platform, "POST", `/propagation/${steps}?engine=${pool}`)).toMatch(new RegExp(`"ready":.*"engine":${pool}`));
    await each(async (address, index) => {
      // The other engine's result is none; nobody asks for ever for one that cannot come.
      for (const wanted of [steps, 2000 + steps + index]) {
        const answer = await ask(`${address}/propagation/${wanted}/summary`);
        expect(refused(answer)).toBeNull();
        expect(answer.text).toContain(`this pool has engine ${pool}, you ask for engine ${frontend}`);
        expect(await new Waiter(`${address}/propagation/${wanted}/events`).outcome()).toMatchObject({ name: "failed", data: { retryable: true } });
      }
    });
  };

  test.each([
    ["to another engine number, frontends first", NEXT, [FRONTENDS, POOL], 1300],
    ["back, frontends first again", NOW, [FRONTENDS, POOL], 1400],
  ] as const)("a rollout %s: who asks meanwhile is served or told when to come again, no result of one engine is served by the other, afterwards all agree", async (_, to, order, steps) => {
    const from = to === NEXT ? NOW : NEXT;
    overlays ??= await next();
    const address = await platform.address();
    let number = 10_000 * to;
    const agent = (): Agent => new Agent({ keepAlive: true, maxSockets: 1 });
    const [same, fresh] = [() => 1200, () => (number += 1)].map((of) =>
      new Clients({ url: () => `${address}/propagation/${of()}/summary`, agent, fault })) as [Clients, Clients];
    try {
      await roll(order[0], to);
      await (order[0] === FRONTENDS ? differ(to, from, steps) : differ(from, to, steps));
      await roll(order[1], to);
      await agree(to);
    } finally {
      await Promise.all([same.stop(), fresh.stop()]);
    }
    expect([...same.faults, ...fresh.faults]).toEqual([]);
    for (const clients of [same, fresh]) expect(clients.served(200)).toBeGreaterThan(0);
  }, 900_000);
}
