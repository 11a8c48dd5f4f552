import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Registry } from "../../scripts/images/registry.mjs";
import { freePort } from "../support";
import { temporaryFolder } from "../support/part";
import { RegistryServer } from "./support/registry-server";

let server: RegistryServer;
const home = temporaryFolder();
const basic = `Basic ${Buffer.from("ada:lovelace:1843").toString("base64")}`;

beforeEach(async () => {
  server = await RegistryServer.start();
  server.tags.set("porta/frontend", ["1.0.0", "1.1.0", "1.10.0", "1.2.0", "latest"]);
});
afterEach(() => server.stop());
afterAll(() => home.remove());

/** An environment in which somebody has logged in with docker, or not. */
function env(login: boolean): NodeJS.ProcessEnv {
  mkdirSync(join(home.path, ".docker"), { recursive: true });
  const auth = basic.slice("Basic ".length);
  writeFileSync(join(home.path, ".docker", "config.json"), JSON.stringify({ auths: login ? { [server.host]: { auth } } : {} }));
  return { HOME: home.path, PATH: "" };
}

describe("a registry", () => {
  test("gives all tags of an image, over all pages", async () => {
    expect(await new Registry(server.host, env(false)).tags("porta/frontend")).toEqual(["1.0.0", "1.1.0", "1.10.0", "1.2.0", "latest"]);
  });

  test("has none of an image that was never pushed", async () => {
    expect(await new Registry(server.host, env(false)).tags("porta/python")).toEqual([]);
  });

  test("that wants a token gets one for this repository, with the login that docker keeps", async () => {
    server.guard = {
      authorization: "Bearer for repository:porta/frontend:pull",
      challenge: (host) => `Bearer realm="http://${host}/token",service="registry",scope="repository:porta/frontend:pull"`,
    };
    server.login = basic;
    expect(await new Registry(server.host, env(true)).tags("porta/frontend")).toHaveLength(5);
    await expect(new Registry(server.host, env(false)).tags("porta/frontend")).rejects.toThrow(/does not take your login.*log in again/);
  });

  test("that wants a password gets it, and where there is none the user is told to log in", async () => {
    server.guard = { authorization: basic, challenge: () => 'Basic realm="registry"' };
    expect(await new Registry(server.host, env(true)).tags("porta/frontend")).toHaveLength(5);
    await expect(new Registry(server.host, env(false)).tags("porta/frontend")).rejects.toThrow(`docker login ${server.host}`);
  });

  test("that refuses a login is not asked for ever", async () => {
    server.guard = { authorization: "Basic another", challenge: () => 'Basic realm="registry"' };
    await expect(new Registry(server.host, env(true)).tags("porta/frontend")).rejects.toThrow(/answers 401 .*a login that it does not take/);
    expect(server.asked).toHaveLength(2);
  });

  test("that is away is named, with the other protocol as a way out", async () => {
    const gone = `localhost:${await freePort()}`;
    await expect(new Registry(gone, {}).tags("porta/frontend")).rejects.toThrow(
      new RegExp(`does not answer at http://${gone}.*ECONNREFUSED.*--push https://`, "s"),
    );
  });

  test.each([
    ["localhost:5000", true, "localhost:5000/porta/frontend:1.0.0"],
    ["http://registry.lan:5000", true, "registry.lan:5000/porta/frontend:1.0.0"],
    ["https://localhost:5000/", false, "localhost:5000/porta/frontend:1.0.0"],
    ["ghcr.io/acme/space", false, "ghcr.io/acme/space/porta/frontend:1.0.0"],
    ["[::1]:5000", true, "[::1]:5000/porta/frontend:1.0.0"],
  ])("%s: plain http is %s, references are %s", (text, plainHttp, reference) => {
    const registry = new Registry(text, {});
    expect(registry.plainHttp).toBe(plainHttp);
    expect(registry.reference("porta/frontend", "1.0.0")).toBe(reference);
  });

  test.each(["acme", "", "ftp://host:21", "user:secret@host:5000", "host:5000/Upper", "host:5000/a b"])("%j is none", (text) => {
    expect(() => new Registry(text, {})).toThrow(/--push is ".*": allowed is a registry's host/);
  });
});
