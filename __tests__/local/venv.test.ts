import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { root } from "../../scripts/paths.mjs";
import { temporaryFolder } from "../support/part";
import { AWKWARD, moduleAt } from "./support/awkward";

const folder = temporaryFolder();
afterAll(() => folder.remove());

describe("the virtual environment", () => {
  // The real thing, in a checkout of its own: packages come from the lock file, as for a new user.
  const checkout = join(folder.path, AWKWARD, "porta");
  const python = join(checkout, ".venv", "bin", "python");

  function setUp(env: NodeJS.ProcessEnv = {}, extras: string[] = []): string {
    const code = `
      const { installVenv, venvCondition } = await import(${moduleAt(checkout, "scripts/setup/venv.mjs")});
      const extras = ${JSON.stringify(extras)};
      const before = venvCondition(extras);
      if (before !== "complete") await installVenv(extras);
      console.log(before, venvCondition(extras));`;
    return execFileSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8", env: { ...process.env, ...env } }).trim();
  }

  const imports = (module: string): string =>
    execFileSync(python, ["-I", "-c", `import ${module}; print(${module}.__file__)`], { encoding: "utf8" }).trim();

  beforeAll(() => {
    for (const path of ["scripts", "services/propagation/pyproject.toml", "services/propagation/README.md", "services/propagation/src"]) {
      cpSync(join(root, path), join(checkout, path), { recursive: true });
    }
    for (const lock of ["requirements.lock", "requirements-dev.lock", "requirements-jupyter.lock"]) {
      cpSync(join(root, "services/propagation", lock), join(checkout, "services/propagation", lock));
    }
  });

  test("is made where there is none, with the package of this checkout in it", () => {
    expect(setUp()).toBe("absent complete");
    expect(imports("porta")).toBe(join(checkout, "services/propagation/src/porta/__init__.py"));
    expect(setUp()).toBe("complete complete");
  }, 600_000);

  test("is mended when a package is gone or the lock file has changed", () => {
    execFileSync(join(checkout, ".venv", "bin", "uv"), ["pip", "uninstall", "--quiet", "--python", python, "rich"]);
    expect(() => imports("rich")).toThrow(/No module named/);
    expect(setUp()).toBe("stale complete");
    expect(imports("rich")).toContain("rich");

    const lock = join(checkout, "services/propagation/requirements.lock");
    writeFileSync(lock, `${readFileSync(lock, "utf8")}\n# changed\n`);
    expect(setUp()).toBe("stale complete");
  }, 600_000);

  test("gets JupyterLab when that is asked for, not before, and keeps it", () => {
    expect(() => imports("jupyterlab")).toThrow(/No module named/);
    expect(setUp({}, ["jupyter"])).toBe("stale complete");
    expect(imports("jupyterlab")).toContain(checkout);
    expect(setUp()).toBe("complete complete");

    execFileSync(join(checkout, ".venv", "bin", "uv"), ["pip", "uninstall", "--quiet", "--python", python, "jupyterlab"]);
    expect(setUp()).toBe("stale complete");
    expect(imports("jupyterlab")).toContain(checkout);
  }, 600_000);

  test("is made anew when its Python is gone", () => {
    execFileSync("rm", [python]);
    symlinkSync("/nowhere/python", python);
    expect(setUp()).toBe("broken complete");
    expect(imports("porta")).toContain(checkout);
  }, 600_000);

  test("is made anew when the folder was moved", () => {
    const moved = JSON.parse(readFileSync(join(checkout, ".venv", "porta.json"), "utf8")) as { folder: string };
    writeFileSync(join(checkout, ".venv", "porta.json"), JSON.stringify({ ...moved, folder: "/another/place/.venv" }));
    expect(setUp()).toBe("broken complete");
  }, 600_000);

  test("is made without uv on PATH too: pip brings the locked one", () => {
    execFileSync("rm", ["-r", join(checkout, ".venv")]);
    const withoutUv = (process.env.PATH ?? "").split(delimiter).filter((bin) => !existsSync(join(bin, "uv")));
    expect(setUp({ PATH: withoutUv.join(delimiter) })).toBe("absent complete");
    expect(imports("numba")).toContain(checkout);
  }, 600_000);

  test("is never made over a folder that is something else", () => {
    execFileSync("rm", ["-r", join(checkout, ".venv")]);
    mkdirSync(join(checkout, ".venv"));
    writeFileSync(join(checkout, ".venv", "precious"), "");
    expect(() => setUp()).toThrow(/is not a Python environment\. Move it away/);
    expect(existsSync(join(checkout, ".venv", "precious"))).toBe(true);
  });
});
