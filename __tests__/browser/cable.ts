import { connect, createServer, type Server, type Socket } from "node:net";
import { freePort } from "../support";

/** A cable between two parts that a test may unplug: what was connected is cut, what comes is refused. */
export interface Cable {
  /** Address of the end to connect to, in place of the far one. */
  readonly url: string;
  unplug(): Promise<void>;
  plug(): Promise<void>;
}

/** @param far http://host:port */
export async function cable(far: string): Promise<Cable> {
  const { hostname, port } = new URL(far);
  const sockets = new Set<Socket>();
  let server: Server | null = null;
  const near = await freePort(); // kept while it is unplugged: no outgoing connection may take it
  const plug = async (): Promise<void> => {
    const listening = createServer((client) => {
      const upstream = connect(Number(port), hostname);
      for (const socket of [client, upstream]) {
        sockets.add(socket);
        socket.setNoDelay(true);
        socket.on("error", () => undefined);
        socket.on("close", () => {
          sockets.delete(socket);
          client.destroy();
          upstream.destroy();
        });
      }
      client.pipe(upstream);
      upstream.pipe(client);
    });
    await new Promise<void>((resolve, reject) => listening.once("error", reject).listen(near, "127.0.0.1", resolve));
    server = listening;
  };
  await plug();
  return {
    url: `http://127.0.0.1:${near}`,
    plug,
    unplug: async () => {
      const closing = server;
      server = null;
      const closed = closing && new Promise((resolve) => closing.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
