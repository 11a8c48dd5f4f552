import { setTimeout as sleep } from "node:timers/promises";
import { Agent, get } from "node:http";
import type { Platform } from "../support/platform";

/** Between two requests of one client, in ms. */
const PAUSE_MS = 50;

/** Frontends are replaced one by one under load. */
export function rollout(platform: Platform): void {
  test.each([
    ["a new connection for each request", () => new Agent({ keepAlive: false })],
    ["connections kept", () => new Agent({ keepAlive: true, maxSockets: 1 })],
  ])("a rollout of the frontends fails not one request of clients with %s", async (_, agentOf) => {
    const address = await platform.address();
    const url = `${address}/propagation/900/summary`;
    expect((await fetch(url)).status).toBe(200);
    const failures: string[] = [];
    let [served, rolling] = [0, true];
    const clients = Array.from({ length: 4 }, async () => {
      const agent = agentOf();
      while (rolling) {
        const outcome = await ask(url, agent);
        if (outcome === 200) served += 1;
        else failures.push(String(outcome));
        await sleep(PAUSE_MS);
      }
      agent.destroy();
    });
    try {
      await platform.cluster.run(["rollout", "restart", "deployment/frontend"]);
      await platform.cluster.run(["rollout", "status", "deployment/frontend", "--timeout=200s"]);
      await platform.ready();
    } finally {
      rolling = false;
      await Promise.all(clients);
    }
    expect(failures).toEqual([]);
    expect(served).toBeGreaterThan(50);
  }, 400_000);
}

/** The status, or what went wrong. */
function ask(url: string, agent: Agent): Promise<number | string> {
  return new Promise((resolve) => {
    const request = get(url, { agent, timeout: 30_000 }, (response) => {
      response.on("error", ({ message }) => resolve(message));
      response.on("end", () => resolve(response.statusCode ?? 0));
      response.resume();
    });
    request.on("error", ({ message }) => resolve(message));
    request.on("timeout", () => request.destroy(new Error("no answer within 30 s")));
  });
}
