import { readOptions } from "../../scripts/images/options.mjs";
import { compare, highest, requireHigher } from "../../scripts/images/version.mjs";

describe("the options of npm run images", () => {
  test("without any, both images are built here", () => {
    expect(readOptions([])).toMatchObject({ images: [{ name: "frontend" }, { name: "python" }], dryRun: false, release: undefined });
  });

  test("a release has a registry, a version and a message", () => {
    const release = ["--push", "localhost:5000", "--version", "1.4.0", "-m", "Draws faster"];
    expect(readOptions(release)?.release).toEqual({ registry: "localhost:5000", version: "1.4.0", message: "Draws faster" });
  });

  test.each<[string[], RegExp]>([
    [["--image", "jupyter"], /--image is "jupyter": allowed is frontend or python/],
    [["--push", "localhost:5000"], /--push without --version.*Give --version X\.Y\.Z/s],
    [["--push", "localhost:5000", "--version", "1.0.0"], /--message is missing: .*Give -m/s],
    [["--push", "localhost:5000", "--version", "1.0.0", "-m", "  "], /--message is " {2}"/],
    [["--push", "localhost:5000", "--version", "1.0.0", "-m", "two\nlines"], /one line of at most 500/],
    [["--version", "1.0.0"], /--version without --push: only what goes to a registry has a version/],
    [["-m", "news"], /--message without --push/],
    [["--build-arg", "NODE_IMAGE"], /--build-arg is "NODE_IMAGE": allowed is NAME=VALUE/],
    [["--pusch", "localhost:5000"], /Unknown option '--pusch'.*npm run images -- \[options\]/s],
    [["frontend"], /Unexpected argument 'frontend'.*--image NAME/s],
  ])("%j is refused, with what is allowed", (argv, message) => {
    expect(() => readOptions(argv)).toThrow(message);
  });

  test.each(["1", "1.0", "v1.0.0", "1.0.0-rc.1", "1.0.0+5", "01.0.0", "1.0.0.0", "latest", "", "1.0.١", "9999999999.0.0"])(
    "version %j is refused: a release is X.Y.Z",
    (version) => {
      expect(() => readOptions(["--push", "localhost:5000", "--version", version, "-m", "x"])).toThrow(/X\.Y\.Z/);
    },
  );
});

describe("versions", () => {
  test("are compared as numbers, and other tags do not count", () => {
    expect(highest(["1.9.0", "latest", "1.10.0", "v2.0.0", "2.0.0-rc.1", "0.99.99", "0123456789ab"])).toBe("1.10.0");
    expect(highest(["latest"])).toBeUndefined();
    expect(compare("2.0.0", "1.99.99")).toBeGreaterThan(0);
    expect(compare("1.0.0", "1.0.0")).toBe(0);
  });

  test.each([["1.2.3"], ["1.2.4"], ["1.10.0"], ["2.0.0"]])("%s is too low after 2.0.0", (version) => {
    expect(() => requireHigher(version, [{ name: "frontend", last: "2.0.0" }])).toThrow(
      /not higher than what is released: frontend 2\.0\.0\.\nNext would be 2\.0\.1, 2\.1\.0, 3\.0\.0/,
    );
  });

  test("any is high enough where there is none, and a higher one where there is", () => {
    expect(() => requireHigher("0.0.1", [{ name: "frontend", last: undefined }])).not.toThrow();
    expect(() => requireHigher("2.0.10", [{ name: "frontend", last: "2.0.9" }, { name: "python", last: undefined }])).not.toThrow();
  });

  test("where a push was interrupted, the refusal says how to end it", () => {
    const images = [{ name: "frontend", last: "1.1.0" }, { name: "python", last: "1.0.0" }];
    expect(() => requireHigher("1.1.0", images)).toThrow(/--image python/);
  });
});
