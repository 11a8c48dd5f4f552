import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { findTool } from "../../scripts/images/tools.mjs";
import { root } from "../../scripts/paths.mjs";
import { temporaryFolder } from "../support/part";
import { DockerRegistry } from "./support/docker-registry";

/** A build with nothing cached downloads every library. */
const BUILD_MS = 900_000;

const clone = temporaryFolder();
let registry: DockerRegistry;

beforeAll(async () => {
  // The last commit, whatever the checkout is like: only a clean one can be released.
  git("clone", "--quiet", root, clone.path);
  registry = await DockerRegistry.start();
}, 120_000);
afterAll(async () => {
  clone.remove();
  if ((registry as DockerRegistry | undefined) === undefined) return; // what kept it from starting is told already
  await registry.stop();
  const { name } = findTool({ env: process.env, pushing: true });
  // One by one: some tools tag what they push as it is called there, some do not; and a test that failed has left fewer.
  for (const version of ["1.4.0", "1.10.0", "latest"]) spawnSync(name, ["rmi", `${registry.host}/porta/frontend:${version}`]);
}, 60_000);

function git(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync("git", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}

/** `npm run images -- --push …` as a person would type it; of the frontend, the smaller image. */
function release(version: string, message: string, env = registry.login): { status: number | null; output: string } {
  const args = ["run", "--silent", "images", "--", "--push", registry.host, "--version", version, "-m", message, "--image", "frontend"];
  const { status, stdout, stderr } = spawnSync("npm", args, {
    cwd: clone.path, encoding: "utf8", timeout: BUILD_MS, env: { ...process.env, ...env },
  });
  return { status, output: stdout + stderr };
}

describe("a release to a real registry over plain http, with a login", () => {
  test("arrives as X.Y.Z and latest, labelled with commit, version and message", async () => {
    const { status, output } = release("1.4.0", 'Draws "faster", for $0');
    expect({ status, output }).toMatchObject({ status: 0 });
    const { digest, config } = await registry.image("porta/frontend", "1.4.0");
    expect(output).toContain(`FRONTEND_IMAGE=${registry.host}/porta/frontend:1.4.0@${digest}`);
    expect((await registry.image("porta/frontend", "latest")).digest).toBe(digest);
    expect(config.Labels).toMatchObject({
      "org.opencontainers.image.version": "1.4.0",
      "org.opencontainers.image.revision": git("-C", clone.path, "rev-parse", "HEAD"),
      "porta.message": 'Draws "faster", for $0',
    });
    expect(config).toMatchObject({ User: "10001:10001", Cmd: ["node", "dist/server.js"], Healthcheck: { Test: ["CMD", "node", "/app/health.mjs"] } });
  }, BUILD_MS);

  test("is refused where it is not higher than the last one there, and goes where it is", async () => {
    for (const version of ["1.4.0", "1.3.9"]) {
      const { status, output } = release(version, "Again");
      expect(status).toBe(1);
      expect(output).toContain(`--version ${version} is not higher than what is released: frontend 1.4.0.`);
    }
    expect(release("1.10.0", "More")).toMatchObject({ status: 0 });
    expect((await registry.image("porta/frontend", "latest")).config.Labels["org.opencontainers.image.version"]).toBe("1.10.0");
    expect(release("1.9.0", "Late").output).toContain("released: frontend 1.10.0.");
  }, BUILD_MS);

  test("is refused without the login, before anything is built", () => {
    const { status, output } = release("2.0.0", "Nobody", { DOCKER_CONFIG: clone.path, REGISTRY_AUTH_FILE: join(clone.path, "none.json"), XDG_RUNTIME_DIR: "" });
    expect(status).toBe(1);
    expect(output).toContain(`docker login ${registry.host}`);
    expect(output).not.toMatch(/builds/);
  });
});
