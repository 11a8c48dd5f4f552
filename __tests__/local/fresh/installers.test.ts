import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, type RequestListener, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { python, root, venv } from "../../../scripts/paths.mjs";
import { adviceFor } from "../../../scripts/setup/failure.mjs";
import { temporaryFolder } from "../../support/part";
import { moduleAt } from "../support/awkward";

const folder = temporaryFolder();
const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
  folder.remove();
});

/** A registry that answers every request alike. */
async function registry(answer: RequestListener, tls?: { key: string; cert: string }): Promise<string> {
  const server = tls === undefined ? createHttpServer(answer) : createHttpsServer(tls, answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `${tls === undefined ? "http" : "https"}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const status = (code: number): Promise<string> => registry((_request, response) => response.writeHead(code).end("{}"));

function strangerCertificate(): { key: string; cert: string } {
  const code = "import trustme; c = trustme.CA().issue_cert('127.0.0.1'); print(c.private_key_pem.bytes().decode() + '|' + c.cert_chain_pems[0].bytes().decode())";
  const [key = "", cert = ""] = execFileSync(python, ["-c", code], { encoding: "utf8" }).split("|");
  return { key, cert };
}

/** Lets the set-up install one package with npm, or with uv, from there; resolves to what it says. */
async function install(tool: "npm" | "uv", url: string): Promise<string> {
  const checkout = mkdtempSync(join(folder.path, "checkout-"));
  const hash = "0".repeat(128);
  const entry = { version: "1.0.0", integrity: `sha512-${Buffer.from(hash, "hex").toString("base64")}` };
  const project = { name: "small", version: "1.0.0", dependencies: { "no-such-package-of-ours": "1.0.0" } };
  writeFileSync(join(checkout, "package.json"), JSON.stringify(project));
  const packages = { "": project, "node_modules/no-such-package-of-ours": entry };
  writeFileSync(join(checkout, "package-lock.json"), JSON.stringify({ ...project, lockfileVersion: 3, packages }));
  const code = `
    const { npmCi } = await import(${moduleAt(root, "scripts/setup/node-modules.mjs")});
    const { runCommand } = await import(${moduleAt(root, "scripts/setup/command.mjs")});
    const options = { name: "small", installs: true, wayOut: "Then type the same command again." };
    const args = ["pip", "install", "--python", ${JSON.stringify(python)}, "--no-deps", "--target", ${JSON.stringify(join(checkout, "packages"))}, "no-such-package-of-ours==1.0.0"];
    await (${JSON.stringify(tool)} === "npm" ? npmCi(${JSON.stringify(checkout)}, options) : runCommand(${JSON.stringify(join(venv, "bin/uv"))}, args, options))
      .then(() => console.log("installed"), (error) => console.log(error.name + ": " + error.message));`;
  const home = join(checkout, "home");
  mkdirSync(home);
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", code], {
    env: {
      ...{ PATH: process.env.PATH, HOME: home, PORTA_HOME: join(checkout, "porta") },
      ...{ npm_config_registry: url, npm_config_fetch_retries: "0", npm_config_cache: join(home, "npm") },
      ...{ UV_DEFAULT_INDEX: `${url}/simple`, UV_HTTP_RETRIES: "0", UV_CACHE_DIR: join(home, "uv") },
    },
  });
  return stdout;
}

/** Of which kind a failure is told to be: a word of the advice. */
const KINDS = { network: "cannot be reached", login: "refuses us", missing: "does not have a version", damaged: "not the one that the lock file names", certificate: "is not trusted" };

describe.each(["npm", "uv"] as const)("a failure of %s is told by its reason", (tool) => {
  test.each<[string, keyof typeof KINDS, () => Promise<string>]>([
    ["a registry that does not listen", "network", () => Promise.resolve("http://127.0.0.1:1")],
    ["a name that nobody knows", "network", () => Promise.resolve("http://registry.invalid")],
    ["a registry that is broken", "network", () => status(503)],
    ["a registry that wants a login", "login", () => status(401)],
    ["a registry that forbids it", "login", () => status(403)],
    ["a registry without the package", "missing", () => status(404)],
    ["a certificate of a stranger", "certificate", () => registry((_request, response) => response.end(), strangerCertificate())],
  ])("%s", async (_, kind, url) => {
    const said = await install(tool, await url());
    expect(said).toMatch(/^Problem: /);
    expect(said).toContain(KINDS[kind]);
    for (const other of Object.values(KINDS).filter((words) => words !== KINDS[kind])) expect(said).not.toContain(other);
    expect(said).toContain("Then type the same command again.");
  }, 120_000);
});

test("a package that is not the locked one is told as that", async () => {
  const tarball = execFileSync("npm", ["pack", "--silent", "--pack-destination", folder.path, join(root, "tools/chromium")], { encoding: "utf8" }).trim();
  const content = readFileSync(join(folder.path, tarball));
  const url = await registry((request, response) => {
    if (request.url?.endsWith(".tgz")) return response.end(content);
    const base = `http://${request.headers.host}`;
    const version = { name: "no-such-package-of-ours", version: "1.0.0", dist: { tarball: `${base}/x.tgz` } };
    return response.end(JSON.stringify({ name: version.name, "dist-tags": {}, versions: { "1.0.0": version } }));
  });
  expect(await install("npm", url)).toContain(KINDS.damaged);
}, 120_000);

test.each([
  ["npm error code ENOSPC\nnpm error nospc ENOSPC: no space left on device, write", /^The disk is full/],
  ["error: Failed to fetch: `https://pypi.org/x`\n  Caused by: No space left on device (os error 28)", /^The disk is full/],
  ["npm error code EACCES\nnpm error path /home/other/porta/node_modules", /^A file or folder may not be written/],
  ["error: failed to remove file `/x/.venv/bin/python`: Permission denied (os error 13)", /^A file or folder may not be written/],
  ["error: Hash mismatch for `numpy==2.4.0`", /^A package is not the one/],
  ["ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", /^A package is not the one/],
  ["hint: `llvmlite` (v0.46.0) has no wheels with a matching Python ABI tag (e.g., `cp315`)", /no ready package/],
  ["ERROR: Could not find a version that satisfies the requirement uv==0.9\nERROR: No matching distribution found for uv==0.9", /does not have a version/],
  ["WARNING: Retrying after connection broken by 'NewConnectionError(Temporary failure in name resolution)'\nERROR: No matching distribution found for uv==0.9", /cannot be reached/],
  ["ended by SIGKILL\n", /^The memory was not enough/],
  ["error: Distribution not found at: file:///home/me/C", undefined],
  ["Error: Refusing to create a venv", undefined],
])("what installers say is understood: %j", (said, advice) => {
  if (advice === undefined) expect(adviceFor(said)).toBeUndefined();
  else expect(adviceFor(said)).toMatch(advice);
});
