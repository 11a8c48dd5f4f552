import { createServer as createHttpServer, type Server as HttpServer } from "node:http";
import { connect, type AddressInfo, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { join } from "node:path";
import { writeFileSync } from "node:fs";
import { webcrypto } from "node:crypto";
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { Redis } from "ioredis";
import { python } from "../../scripts/paths.mjs";
import { findValkey } from "../../scripts/platform/valkey.mjs";
import { freePort } from "../../scripts/process/ports.mjs";
import { Part, temporaryFolder } from "./part";

x509.cryptoProvider.set(webcrypto as typeof globalThis.crypto);

/** A Redis-compatible server, or something that is none, to which REDIS_ADDR leads by mistake. */
export interface OtherServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** A Valkey with options that a platform's own never has. */
export interface OddValkey extends OtherServer {
  /** Runs commands over a connection of its own. */
  admin<T>(run: (redis: Redis) => Promise<T>): Promise<T>;
}

export interface OddOptions {
  readonly args?: readonly string[];
  /** Lines of a file that it is started with, in front of the arguments. */
  readonly file?: readonly string[];
  readonly password?: string;
  readonly folder?: string;
}

export async function startOddValkey({ args = [], file, password, folder }: OddOptions = {}): Promise<OddValkey> {
  const own = folder === undefined ? temporaryFolder() : { path: folder, remove: () => undefined };
  const port = await freePort();
  const config = join(own.path, "valkey.conf");
  if (file) writeFileSync(config, `${file.join("\n")}\n`);
  const part = await Part.start({
    child: {
      name: "valkey",
      command: findValkey(python),
      args: [...(file ? [config] : []), ...["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--dir", own.path], ...args],
      log: join(own.path, "valkey.log"),
      python,
    },
    isReady: () =>
      new Promise((resolve) => {
        const socket = connect(port, "127.0.0.1");
        const end = (is: boolean) => (): void => {
          socket.destroy();
          resolve(is);
        };
        socket.once("connect", end(true)).once("error", end(false));
      }),
  });
  return {
    port,
    admin: async (run) => {
      const redis = new Redis({ host: "127.0.0.1", port, protocol: 2, disableClientInfo: true, enableReadyCheck: false, ...(password ? { password } : {}) });
      redis.on("error", () => undefined);
      try {
        return await run(redis);
      } finally {
        redis.disconnect();
      }
    },
    stop: async () => {
      await part.stop();
      own.remove();
    },
  };
}

/** A key and a certificate for `localhost` and 127.0.0.1 that signs itself. */
export async function selfSigned(): Promise<{ key: string; cert: string }> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=localhost",
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true),
      new x509.SubjectAlternativeNameExtension([{ type: "dns", value: "localhost" }, { type: "ip", value: "127.0.0.1" }]),
    ],
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey)).toString("base64");
  return { key: `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`, cert: certificate.toString("pem") };
}

/** TLS in front of a real server, as providers of Redis have it: the server that comes with the environment has none. */
export async function startTls(target: number, options: TlsOptions): Promise<OtherServer> {
  const sockets = new Set<Socket>();
  const server = createTlsServer(options, (near) => {
    const far = connect(target, "127.0.0.1");
    near.pipe(far).pipe(near);
    near.on("error", () => far.destroy()).on("close", () => far.destroy());
    far.on("error", () => near.destroy());
  });
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  return listening(server, sockets);
}

/** A web server. */
export function startWeb(): Promise<OtherServer> {
  const server: HttpServer = createHttpServer((_request, response) => response.end("hello"));
  return listening(server, new Set());
}

async function listening(server: Server, sockets: Set<Socket>): Promise<OtherServer> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
