import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { get } from "../../../scripts/platform/service.mjs";
import { freePort } from "../../support";
import { Part, temporaryFolder } from "../../support/part";

const USER = "porta";
const PASSWORD = "secret";
/** The password as the registry keeps it (bcrypt). */
const HASH = "$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a";

/** Docker's own registry (`apt install docker-registry`), over plain http on this machine, with a login. */
export class DockerRegistry {
  private constructor(
    readonly host: string,
    private readonly part: Part,
    private readonly folder: { path: string; remove: () => void },
  ) {}

  static async start(): Promise<DockerRegistry> {
    const folder = temporaryFolder();
    const host = `127.0.0.1:${await freePort()}`;
    const config = join(folder.path, "config.yml");
    const part = await Part.start({
      prepare: () => {
        writeFileSync(join(folder.path, "users"), `${USER}:${HASH}\n`);
        writeFileSync(
          config,
          JSON.stringify({
            version: 0.1,
            http: { addr: host },
            storage: { filesystem: { rootdirectory: join(folder.path, "store") } },
            auth: { htpasswd: { realm: "registry", path: join(folder.path, "users") } },
          }),
        );
      },
      child: { name: "docker-registry", command: "docker-registry", args: ["serve", config], log: join(folder.path, "log") },
      isReady: async () => (await get(`http://${host}/v2/`)).status === 401,
    });
    return new DockerRegistry(host, part, folder);
  }

  /** Environment of somebody who has logged in, for every tool that pushes. */
  get login(): NodeJS.ProcessEnv {
    const auth = Buffer.from(`${USER}:${PASSWORD}`).toString("base64");
    const text = JSON.stringify({ auths: { [this.host]: { auth } } });
    writeFileSync(join(this.folder.path, "config.json"), text);
    return { DOCKER_CONFIG: this.folder.path, REGISTRY_AUTH_FILE: join(this.folder.path, "config.json") };
  }

  /** What a tag stands for, and what the image behind it is started with. */
  async image(repository: string, tag: string): Promise<{ digest: string; config: ImageConfig }> {
    const accept = "application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json";
    const manifest = await this.#get(`/v2/${repository}/manifests/${tag}`, accept);
    const { config } = (await manifest.json()) as { config: { digest: string } };
    const blob = await this.#get(`/v2/${repository}/blobs/${config.digest}`, "*/*");
    const image = (await blob.json()) as { config: ImageConfig };
    return { digest: manifest.headers.get("docker-content-digest") ?? "", config: image.config };
  }

  async #get(path: string, accept: string): Promise<Response> {
    const authorization = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString("base64")}`;
    const response = await fetch(`http://${this.host}${path}`, { headers: { accept, authorization } });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  }

  async stop(): Promise<void> {
    await this.part.stop();
    this.folder.remove();
  }
}

export interface ImageConfig {
  readonly User: string;
  readonly Labels: Readonly<Record<string, string>>;
  readonly Healthcheck?: { readonly Test: readonly string[] };
  readonly Cmd: readonly string[];
}
