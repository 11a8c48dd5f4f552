import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Checkout } from "../../../scripts/images/checkout.mjs";
import { temporaryFolder } from "../../support/part";

/** A project with the least that both images are made of. */
const FILES: Readonly<Record<string, string>> = {
  ".gitignore": "node_modules/\ndist/\n__pycache__/\n.porta/\n",
  "images/frontend/Dockerfile": "ARG NODE_IMAGE=node:22\nFROM ${NODE_IMAGE}\n",
  "images/python/Dockerfile": "ARG PYTHON_IMAGE=python:3.13\nFROM ${PYTHON_IMAGE}\n",
  "images/python/entrypoint.sh": '#!/bin/sh\nexec "$@"\n',
  "package.json": "{}\n",
  "package-lock.json": "{}\n",
  ".npmrc": "\n",
  "tsconfig.json": "{}\n",
  "main.ts": "// in no image\n",
  "services/frontend/src/server.ts": "export {};\n",
  "services/propagation/pyproject.toml": "[project]\n",
  "services/propagation/README.md": "# porta\n",
  "services/propagation/requirements-build.lock": "hatchling==1\n",
  "services/propagation/requirements-jupyter.lock": "numba==1\n",
  "services/propagation/src/porta/contract.json": '{"engine": 1}\n',
  "services/propagation/src/porta/redis-troubles.json": "[]\n",
  "services/propagation/src/porta/kernel.py": "STEP = 0.01\n",
  "services/propagation/tests/test_kernel.py": "# in no image\n",
};

/** A git checkout of that project, in a folder of its own. */
export class Clone {
  readonly #folder = temporaryFolder();
  readonly root = this.#folder.path;
  readonly checkout = new Checkout(this.root);

  constructor() {
    for (const [path, content] of Object.entries(FILES)) this.write(path, content);
    this.git("init", "--quiet");
    this.commit();
  }

  write(path: string, content: string): void {
    const target = join(this.root, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
  }

  chmod(path: string, mode: number): void {
    chmodSync(join(this.root, path), mode);
  }

  touch(path: string, time: Date): void {
    utimesSync(join(this.root, path), time, time);
  }

  remove(path: string): void {
    rmSync(join(this.root, path));
  }

  commit(): void {
    this.git("add", "--all");
    this.git("-c", "user.name=Test", "-c", "user.email=test@example.org", "commit", "--quiet", "-m", "As it is");
  }

  git(...args: string[]): string {
    return execFileSync("git", ["-C", this.root, ...args], { encoding: "utf8" }).trim();
  }

  dispose(): void {
    this.#folder.remove();
  }
}
