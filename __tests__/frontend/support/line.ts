import { connect, createServer, type Socket } from "node:net";
import { freePort } from "../../support";

/** A TCP line to a server that a test can count on, and cut. */
export interface Line {
  readonly url: string;
  /** Connections so far, and those that are open. */
  readonly count: number;
  readonly open: number;
  /** Cuts every connection; while `down`, new ones are refused. */
  cut(down: boolean): Promise<void>;
  restore(): Promise<void>;
  close(): Promise<void>;
}

export async function startLine(target: string): Promise<Line> {
  const { hostname, port: targetPort } = new URL(target);
  const sockets = new Set<Socket>();
  let count = 0;
  const server = createServer((near) => {
    count += 1;
    sockets.add(near);
    const far = connect(Number(targetPort), hostname);
    near.pipe(far).pipe(near);
    for (const [socket, other] of [[near, far], [far, near]] as const) {
      socket.on("error", () => undefined);
      socket.on("close", () => {
        other.destroy();
        sockets.delete(near);
      });
    }
  });
  const port = await freePort(); // none that the system may give to a connection while this line is down
  const listen = (): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once("error", reject).listen(port, "127.0.0.1", () => {
        server.off("error", reject);
        resolve();
      });
    });
  await listen();
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return {
    url: `http://127.0.0.1:${port}`,
    get count() {
      return count;
    },
    get open() {
      return sockets.size;
    },
    cut: async (down) => {
      if (down) return stop();
      for (const socket of sockets) socket.destroy();
    },
    restore: listen,
    close: async () => {
      if (server.listening) await stop();
    },
  };
}
