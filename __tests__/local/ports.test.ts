import { createServer, type Server } from "node:net";
import { holderOf } from "../../scripts/process/holder.mjs";
import { freePort, obstacle } from "../../scripts/process/ports.mjs";

async function listen(port: number, host: string): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen({ port, host }, resolve));
  return server;
}

describe("a port", () => {
  test.each(["127.0.0.1", "::1", "0.0.0.0", "::"])("on which somebody listens at %s cannot be had, and it is known who", async (host) => {
    const port = await freePort();
    expect(await obstacle(port)).toBeUndefined();
    const server = await listen(port, host);
    expect(await obstacle(port)).toBe("EADDRINUSE");
    expect(holderOf(port)).toMatchObject({ pid: process.pid });
    await new Promise((resolve) => server.close(resolve));
    expect(await obstacle(port)).toBeUndefined();
  });
});
