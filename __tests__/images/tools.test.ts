import { findTool } from "../../scripts/images/tools.mjs";
import { FakeTools, type Answer } from "./support/fake-tools";

const made: FakeTools[] = [];
afterAll(() => made.forEach((tools) => tools.dispose()));

function fakes(tools: Record<string, Answer>): FakeTools {
  const fake = new FakeTools(tools);
  made.push(fake);
  return fake;
}

const running: Answer = { says: "Running" };
const away: Answer = { says: "Cannot connect to the daemon", fails: true };

describe("the tool that builds", () => {
  test.each<[string, Record<string, Answer>, boolean]>([
    ["minikube", { minikube: running, docker: {}, podman: {}, buildah: {} }, false],
    ["docker", { minikube: { says: "Stopped", fails: true }, docker: {}, podman: {}, buildah: {} }, false],
    ["docker", { minikube: { says: "Stopped" }, docker: {}, podman: {}, buildah: {} }, false],
    ["podman", { docker: away, podman: {}, buildah: {} }, false],
    ["buildah", { docker: away, podman: away, buildah: {} }, false],
    ["docker", { minikube: running, docker: {}, buildah: {} }, true],
  ])("is %s of %j, pushing %s: the first that works", (expected, tools, pushing) => {
    expect(findTool({ env: fakes(tools).env, pushing }).name).toBe(expected);
  });

  test("is the chosen one, by option or by variable, the option first", () => {
    const { env } = fakes({ minikube: running, docker: {}, podman: {}, buildah: {} });
    expect(findTool({ env: { ...env, PORTA_IMAGE_TOOL: "podman" }, pushing: false }).name).toBe("podman");
    expect(findTool({ chosen: "buildah", env: { ...env, PORTA_IMAGE_TOOL: "podman" }, pushing: false }).name).toBe("buildah");
  });

  test("that nobody knows is refused with those that are known", () => {
    expect(() => findTool({ chosen: "kaniko", env: {}, pushing: false })).toThrow(
      '--tool is "kaniko": allowed is one of minikube, docker, podman, buildah.',
    );
    expect(() => findTool({ env: { PORTA_IMAGE_TOOL: "img" }, pushing: false })).toThrow(/^PORTA_IMAGE_TOOL is "img"/);
  });

  test("is missed with the reason for each", () => {
    const { env } = fakes({ minikube: { says: "Stopped" }, docker: away });
    expect(() => findTool({ env, pushing: false })).toThrow(
      /minikube: it is not running \(Stopped\)\n\s+docker: Cannot connect to the daemon\n\s+podman: it is not installed\n\s+buildah: it is not installed/,
    );
    expect(() => findTool({ chosen: "minikube", env, pushing: true })).toThrow(/cannot push with your logins; take docker, podman or buildah/);
  });
});
