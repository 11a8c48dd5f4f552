import { existsSync, readFileSync } from "node:fs";
import { Writable } from "node:stream";
import { recordPath } from "../../scripts/images/record.mjs";
import { run } from "../../scripts/images/run.mjs";
import { Terminal } from "../../scripts/terminal.mjs";
import { Clone } from "./support/clone";
import { FakeTools } from "./support/fake-tools";
import { RegistryServer } from "./support/registry-server";

let clone: Clone;
let tools: FakeTools;
let registry: RegistryServer;
let output: string;

beforeEach(async () => {
  clone = new Clone();
  tools = new FakeTools({ docker: {}, minikube: { says: "Running" } });
  registry = await RegistryServer.start();
  output = "";
});
afterEach(async () => {
  clone.dispose();
  tools.dispose();
  await registry.stop();
});

async function images(...argv: string[]): Promise<void> {
  const stream = new Writable({ write: (chunk: Buffer, _, done) => ((output += chunk.toString()), done()) });
  await run(argv, { root: clone.root, env: tools.env, terminal: new Terminal(stream as NodeJS.WriteStream) });
}

const release = (version: string, ...more: string[]): Promise<void> =>
  images("--push", registry.host, "--version", version, "-m", "Draws faster", ...more);

const recorded = (): string => readFileSync(recordPath(clone.root), "utf8");

describe("building here", () => {
  test("builds both, and records them by the variables of the stacks", async () => {
    await images();
    expect(tools.store).toHaveLength(2);
    expect(recorded()).toBe(`FRONTEND_IMAGE=${tools.store[0]}\nPYTHON_IMAGE=${tools.store[1]}\n`);
    expect(recorded()).toMatch(/^FRONTEND_IMAGE=localhost\/porta\/frontend:[0-9a-f]{12}\nPYTHON_IMAGE=localhost\/porta\/python:[0-9a-f]{12}\n$/);
  });

  test("does not build again what is there, and only what has changed", async () => {
    await images();
    await images();
    expect(tools.changes).toHaveLength(2);
    clone.write("services/propagation/src/porta/kernel.py", "STEP = 0.02\n");
    const before = recorded();
    await images();
    expect(tools.changes).toHaveLength(3);
    expect(tools.changes.at(-1)).toMatch(/^minikube image build --all -t localhost\/porta\/python:[0-9a-f]{12} CONTEXT$/);
    expect(recorded().split("\n")[0]).toBe(before.split("\n")[0]);
  });

  test("--image takes one, and leaves the record of the other", async () => {
    await images("--image", "python");
    await images("--image", "frontend");
    expect(recorded().split("\n").sort()).toEqual(["", expect.stringMatching(/^FRONTEND_IMAGE=/), expect.stringMatching(/^PYTHON_IMAGE=/)]);
    expect(tools.changes).toHaveLength(2);
  });

  test("--dry-run builds nothing and records nothing", async () => {
    await images("--dry-run");
    expect(tools.changes).toEqual([]);
    expect(existsSync(recordPath(clone.root))).toBe(false);
    expect(output).toMatch(/would build frontend from 7 files, with minikube:\n\s+minikube image build --all -t localhost\/porta\/frontend:/);
  });

  test("a tool that reports success without an image is not believed", async () => {
    tools.break("forgetful");
    await expect(images()).rejects.toThrow(/says that it has built localhost\/porta\/frontend:.*then does not have it/);
    expect(existsSync(recordPath(clone.root))).toBe(false);
  });

  test("a build that fails says what the tool said and where its log is", async () => {
    tools.break("build");
    await expect(images("--tool", "docker")).rejects.toThrow(/images-frontend: docker ended with exit code 1.*images-frontend\.log.*no space left on device/s);
  });

  test("labels a tree with changes as such, by the files of the image", async () => {
    clone.write("main.ts", "// changed\n");
    await images("--image", "python", "--dry-run");
    expect(output).toContain(`image.revision: ${clone.git("rev-parse", "HEAD")}\n`);
    clone.write("images/python/entrypoint.sh", "#!/bin/sh\n");
    await images("--image", "python", "--dry-run");
    expect(output).toContain(`image.revision: ${clone.git("rev-parse", "HEAD")}-dirty\n`);
  });

  test("--build-arg changes the base image, and is refused where no Dockerfile knows it", async () => {
    await images("--image", "python", "--build-arg", "PYTHON_IMAGE=python:3.13.5-slim");
    expect(tools.dockerfile).toContain('ARG PYTHON_IMAGE="python:3.13.5-slim"');
    await expect(images("--build-arg", "VERSION=1")).rejects.toThrow("--build-arg VERSION: no Dockerfile takes it. Allowed: NODE_IMAGE, PYTHON_IMAGE.");
  });
});

describe("a release", () => {
  test("builds both, then pushes each as X.Y.Z and latest, with a tool that has the user's logins", async () => {
    registry.tags.set("porta/frontend", ["1.0.0"]);
    registry.tags.set("porta/python", ["1.0.0"]);
    await release("1.1.0");
    const at = (name: string, tag: string): string => `${registry.host}/porta/${name}:${tag}`;
    expect(tools.changes).toEqual([
      `docker build -t ${at("frontend", "1.1.0")} CONTEXT`,
      `docker build -t ${at("python", "1.1.0")} CONTEXT`,
      ...["frontend", "python"].flatMap((name) =>
        ["1.1.0", "latest"].flatMap((tag) => [`docker tag ${at(name, "1.1.0")} ${at(name, tag)}`, `docker push ${at(name, tag)}`]),
      ),
    ]);
    expect(tools.dockerfile).toContain('LABEL "org.opencontainers.image.version"="1.1.0"');
    expect(output).toContain(`FRONTEND_IMAGE=${at("frontend", "1.1.0")}@sha256:`);
    expect(existsSync(recordPath(clone.root))).toBe(false);
  });

  test.each<[string, () => void]>([
    ["a changed file", () => clone.write("main.ts", "// changed\n")],
    ["a new file", () => clone.write("stacks/new.ts", "// new\n")],
    ["a staged file", () => { clone.write("main.ts", "// staged\n"); clone.git("add", "main.ts"); }],
  ])("is refused from a tree with %s, also as a dry run", async (_, change) => {
    change();
    for (const more of [[], ["--dry-run"]]) {
      await expect(release("1.0.0", ...more)).rejects.toThrow(/changes that are not in one\.\n\s+(main|stacks\/new)\.ts\n.*git stash/s);
    }
    expect(tools.changes).toEqual([]);
  });

  test("is refused unless it is higher than the last one of every image", async () => {
    registry.tags.set("porta/frontend", ["1.9.0", "1.10.0", "latest"]);
    await expect(release("1.9.1")).rejects.toThrow(/--version 1\.9\.1 is not higher than what is released: frontend 1\.10\.0/);
    expect(tools.changes).toEqual([]);
  });

  test("pushes nothing when a build fails", async () => {
    tools.break("build");
    await expect(release("1.0.0")).rejects.toThrow(/no space left on device/);
    expect(tools.changes.filter((line) => line.includes("push"))).toEqual([]);
  });

  test("--dry-run asks the registry, and says what it would build, label and push", async () => {
    await release("1.0.0", "--dry-run");
    expect(tools.changes).toEqual([]);
    expect(registry.asked).toEqual(["GET /v2/porta/frontend/tags/list", "GET /v2/porta/python/tags/list"]);
    expect(output).toMatch(/image\.version: 1\.0\.0\n\s+porta\.message: Draws faster\n/);
    expect(output).toContain(`would push: docker push ${registry.host}/porta/python:latest`);
  });
});
