import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A registry's answers to the two questions that a release asks, in pages of two tags. The real one is asked in the cluster's tests. */
export class RegistryServer {
  /** Tags by repository. */
  readonly tags = new Map<string, string[]>();
  /** Authorization that a question needs, and the challenge to one without it. */
  guard: { authorization: string; challenge: (host: string) => string } | undefined;
  /** Authorization that the token service needs. */
  login: string | undefined;
  readonly asked: string[] = [];
  readonly #server = createServer((request, response) => this.#answer(request, response));
  host = "";

  static async start(): Promise<RegistryServer> {
    const server = new RegistryServer();
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    server.host = `127.0.0.1:${(server.#server.address() as AddressInfo).port}`;
    return server;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "", `http://${this.host}`);
    this.asked.push(`${request.method} ${url.pathname}`);
    if (url.pathname === "/token") {
      const known = this.login === undefined || request.headers.authorization === this.login;
      response.writeHead(known ? 200 : 401).end(JSON.stringify({ token: `for ${url.searchParams.get("scope")}` }));
      return;
    }
    if (this.guard !== undefined && request.headers.authorization !== this.guard.authorization) {
      response.writeHead(401, { "www-authenticate": this.guard.challenge(this.host) }).end();
      return;
    }
    const [, repository = "", what = ""] = /^\/v2\/(.+)\/(tags\/list|manifests\/.+)$/.exec(url.pathname) ?? [];
    const tags = this.tags.get(repository);
    if (tags === undefined) {
      response.writeHead(404).end(JSON.stringify({ errors: [{ code: "NAME_UNKNOWN" }] }));
    } else if (what === "tags/list") {
      const from = url.searchParams.has("last") ? tags.indexOf(url.searchParams.get("last") ?? "") + 1 : 0;
      const page = tags.slice(from, from + 2);
      const next = `</v2/${repository}/tags/list?last=${page.at(-1)}&n=2>; rel="next"`;
      response.writeHead(200, from + 2 < tags.length ? { link: next } : {}).end(JSON.stringify({ name: repository, tags: page }));
    } else {
      response.writeHead(200, { "docker-content-digest": `sha256:${"0".repeat(64)}` }).end();
    }
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => {
      this.#server.close(resolve);
      this.#server.closeAllConnections();
    });
  }
}
