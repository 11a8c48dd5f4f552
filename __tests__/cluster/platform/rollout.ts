import { Agent } from "node:http";
import { Clients, served } from "../support/clients";
import type { Platform } from "../support/platform";

/** Frontends are replaced one by one under load. */
export function rollout(platform: Platform): void {
  test.each([
    ["a new connection for each request", () => new Agent({ keepAlive: false })],
    ["connections kept", () => new Agent({ keepAlive: true, maxSockets: 1 })],
  ])("a rollout of the frontends fails not one request of clients with %s", async (_, agent) => {
    const address = await platform.address();
    const url = `${address}/propagation/900/summary`;
    await served(url);
    const clients = new Clients({ url: () => url, agent, fault: ({ status }) => (status === 200 ? null : String(status)) });
    try {
      await platform.cluster.run(["rollout", "restart", "deployment/frontend"]);
      await platform.cluster.run(["rollout", "status", "deployment/frontend", "--timeout=200s"]);
      await platform.ready();
    } finally {
      await clients.stop();
    }
    expect(clients.faults).toEqual([]);
    expect(clients.served(200)).toBeGreaterThan(50);
  }, 400_000);
}
