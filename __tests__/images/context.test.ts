import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { IMAGES } from "../../scripts/images/catalogue.mjs";
import { Checkout } from "../../scripts/images/checkout.mjs";
import { Context } from "../../scripts/images/context.mjs";
import { argumentsOf, withArguments, withLabels } from "../../scripts/images/dockerfile.mjs";
import { root } from "../../scripts/paths.mjs";
import { Clone } from "./support/clone";

const clones: Clone[] = [];
afterAll(() => clones.forEach((clone) => clone.dispose()));

function clone(): Clone {
  const made = new Clone();
  clones.push(made);
  return made;
}

/** The tags of both images of a checkout. */
const tags = ({ checkout }: Clone): { frontend: string; python: string } => ({
  frontend: new Context(IMAGES.frontend, checkout).tag,
  python: new Context(IMAGES.python, checkout).tag,
});

/** Which tags a change changes. */
function changedBy(change: (clone: Clone) => void): string[] {
  const project = clone();
  const before = tags(project);
  change(project);
  const after = tags(project);
  return (["frontend", "python"] as const).filter((name) => before[name] !== after[name]);
}

describe("an image's tag", () => {
  test("is the same wherever and whenever the same files were checked out, committed or not", () => {
    const [one, other] = [clone(), clone()];
    other.touch("images/python/entrypoint.sh", new Date("2020-02-02"));
    other.write("services/propagation/src/porta/kernel.py", "STEP = 0.02\n");
    one.write("services/propagation/src/porta/kernel.py", "STEP = 0.02\n");
    one.commit();
    expect(tags(one)).toEqual(tags(other));
    expect(tags(one).python).toMatch(/^[0-9a-f]{12}$/);
  });

  test.each<[string, string[], (clone: Clone) => void]>([
    ["a source of the frontend", ["frontend"], (project) => project.write("services/frontend/src/server.ts", "export const x = 1;\n")],
    ["a source of the package", ["python"], (project) => project.write("services/propagation/src/porta/kernel.py", "STEP = 0.02\n")],
    ["the contract of both", ["frontend", "python"], (project) => project.write("services/propagation/src/porta/contract.json", "{}\n")],
    ["the words for what is wrong with Redis", ["frontend", "python"], (project) => project.write("services/propagation/src/porta/redis-troubles.json", "[{}]\n")],
    ["the lock of the libraries", ["frontend"], (project) => project.write("package-lock.json", '{"a": 1}\n')],
    ["the lock of the environment", ["python"], (project) => project.write("services/propagation/requirements-jupyter.lock", "numba==2\n")],
    ["a Dockerfile", ["python"], (project) => project.write("images/python/Dockerfile", "FROM scratch\n")],
    ["a new file", ["python"], (project) => project.write("services/propagation/notebooks/sim.ipynb", "{}\n")],
    ["a file that is gone", ["frontend"], (project) => project.remove("services/frontend/src/server.ts")],
    ["a script that may be executed", ["python"], (project) => project.chmod("images/python/entrypoint.sh", 0o755)],
    ["the same bytes under another name", ["python"], (project) => {
      project.write("services/propagation/src/porta/other.py", "STEP = 0.01\n");
      project.remove("services/propagation/src/porta/kernel.py");
    }],
  ])("changes with %s, for %j and no other", (_, expected, change) => {
    expect(changedBy(change)).toEqual(expected);
  });

  test("stays when only something changes that no image holds: stacks, tests, what tools leave behind", () => {
    const unchanged = changedBy((project) => {
      project.write("main.ts", "// other stacks\n");
      project.write("services/propagation/tests/test_kernel.py", "# another test\n");
      project.write("services/propagation/src/porta/__pycache__/kernel.pyc", "compiled");
      project.write("services/frontend/dist/server.js", "built");
    });
    expect(unchanged).toEqual([]);
  });

  test("changes with another base image", () => {
    const { checkout } = clone();
    const tag = (values: Record<string, string>): string => new Context(IMAGES.python, checkout, values).tag;
    expect(tag({ PYTHON_IMAGE: "python:3.13.5" })).not.toBe(tag({}));
    expect(argumentsOf(checkout.read(IMAGES.python.dockerfile).toString())).toEqual(["PYTHON_IMAGE"]);
  });
});

describe("what a builder is handed", () => {
  test("is exactly the files that made the tag, all of one time, and the Dockerfile with the labels", async () => {
    const project = clone();
    project.write("services/frontend/node_modules/library/index.js", "not ours\n");
    project.chmod("services/frontend/src/server.ts", 0o755);
    const context = new Context(IMAGES.frontend, project.checkout);
    let folder = "";
    await context.laidOut({ "org.opencontainers.image.version": "1.2.3", "porta.message": "" }, async (path) => {
      folder = path;
      const files = readdirSync(path, { recursive: true, encoding: "utf8" }).filter((name) => statSync(join(path, name)).isFile());
      expect(files.sort()).toEqual([
        ".npmrc", "Dockerfile", "package-lock.json", "package.json", "services/frontend/src/server.ts",
        "services/propagation/src/porta/contract.json", "services/propagation/src/porta/redis-troubles.json", "tsconfig.json",
      ]);
      expect(new Set(files.filter((name) => name !== "Dockerfile").map((name) => statSync(join(path, name)).mtimeMs)).size).toBe(1);
      expect(statSync(join(path, "services/frontend/src/server.ts")).mode & 0o777).toBe(0o755);
      expect(statSync(join(path, "package.json")).mode & 0o777).toBe(0o644);
      expect(readFileSync(join(path, "Dockerfile"), "utf8")).toMatch(/\nLABEL "org.opencontainers.image.version"="1.2.3"\n$/);
      return Promise.resolve();
    });
    expect(() => statSync(folder)).toThrow(/ENOENT/);
  });

  test("takes a message with quotes, dollars and backslashes literally, and refuses one that is not a line", () => {
    expect(withLabels("FROM scratch\n", { message: 'a "b" $c \\d' })).toBe('FROM scratch\nLABEL "message"="a \\"b\\" \\$c \\\\d"\n');
    expect(withArguments("ARG BASE\nFROM ${BASE}\n", { BASE: 'x"$y' })).toBe('ARG BASE="x\\"\\$y"\nFROM ${BASE}\n');
    expect(() => withLabels("FROM scratch\n", { message: "x\nRUN y" })).toThrow(/one line without control characters/);
  });
});

describe.each(Object.values(IMAGES))("the Dockerfile of $name", (image) => {
  const checkout = new Checkout(root);
  const dockerfile = checkout.read(image.dockerfile).toString();
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+)$/gm)].flatMap(([, words = ""]) => words.split(" ").slice(0, -1));

  test("copies nothing that is not an input, and every input that is there goes in", () => {
    const covers = (outer: string, inner: string): boolean => inner === outer || inner.startsWith(`${outer}/`);
    expect(copied.filter((path) => !image.inputs.some((input) => covers(input, path) || covers(path, input)))).toEqual([]);
    const present = image.inputs.filter((input) => checkout.files([input]).length > 0);
    expect(present.filter((input) => !copied.some((path) => covers(path, input) || covers(input, path)))).toEqual([]);
  });

  test("ends as a user above 10,000, with a health check, and starts from base images that are arguments", () => {
    const last = dockerfile.slice(dockerfile.lastIndexOf("\nFROM ")).replaceAll(/^#.*$/gm, "");
    expect(last).toMatch(/^USER 10001:10001$/m);
    expect(last).toMatch(/^HEALTHCHECK /m);
    expect(last).not.toMatch(/apt-get|pip |npm /);
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
    const stages = [...dockerfile.matchAll(/^FROM \S+ AS (\S+)/gm)].map(([, stage]) => stage);
    expect(bases.filter((base) => !stages.includes(base) && !/^\$\{[A-Z_]+\}$/.test(base ?? ""))).toEqual([]);
  });
});
