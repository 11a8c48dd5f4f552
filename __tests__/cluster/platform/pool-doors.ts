import { makeCertificates } from "../../../scripts/deploy/certificates";
import { certificateOf, daskAuthority, keyOf } from "../../../stacks/secrets";
import { roles } from "../../../stacks/roles";
import type { Platform } from "../support/platform";

/** From a pod that policies let through to the scheduler: how a client of that kind fares. Files come on standard input. */
const SCRIPT = `
import json, pathlib, sys, tempfile
from distributed import Client
from distributed.security import Security
files, protocol = json.load(sys.stdin), sys.argv[1]
if protocol == "tcp":
    security = Security(require_encryption=False)
else:
    folder = pathlib.Path(tempfile.mkdtemp())
    paths = {}
    for name, text in files.items():
        paths[name] = str(folder / name)
        pathlib.Path(paths[name]).write_text(text)
    security = Security(require_encryption=True, tls_ca_file=paths["ca"], tls_client_cert=paths["cert"], tls_client_key=paths["key"])
try:
    with Client(f"{protocol}://dask-scheduler:8786", security=security, timeout=15, set_as_default=False) as client:
        print("in:", client.submit(lambda: 6 * 7, workers=None).result(timeout=60))
except OSError as error:
    print("refused:", type(error).__name__)
`;

/** Who reaches Dask owns it, so it has two doors: a policy, and a certificate. And JupyterLab has a token. */
export function doors(platform: Platform): void {
  const attempt = async (protocol: "tcp" | "tls", files: Readonly<Record<string, string>> = {}): Promise<string> => {
    const { metadata } = await platform.pod("jupyter-notebook");
    return (await platform.cluster.exec(metadata.name, ["python", "-c", SCRIPT, protocol], JSON.stringify(files))).trim();
  };
  const own = { ca: () => platform.secret(daskAuthority), cert: () => platform.secret(certificateOf("client")), key: () => platform.secret(keyOf("client")) };

  test("a client with a certificate of the platform's authority computes on the pool", async () => {
    expect(await attempt("tls", { ca: own.ca(), cert: own.cert(), key: own.key() })).toBe("in: 42");
  }, 180_000);

  test("a plain client is refused", async () => {
    expect(await attempt("tcp")).toMatch(/^refused:/);
  }, 180_000);

  test("a client with a certificate of another authority is refused, although it trusts the scheduler", async () => {
    const foreign = await makeCertificates();
    const files = { ca: own.ca(), cert: foreign[certificateOf("client")] ?? "", key: foreign[keyOf("client")] ?? "" };
    expect(await attempt("tls", files)).toMatch(/^refused:/);
  }, 180_000);

  test.each([["/lab", [302]], ["/api/contents", [403]], ["/api/kernels", [403]], ["/api/terminals", [403]]])(
    "JupyterLab shows %s to nobody without the token",
    async (path, refusals) => {
      const address = await platform.cluster.forward("service/dask-notebook", roles.jupyter.ports.http);
      const without = await fetch(address + path, { redirect: "manual" });
      expect(refusals).toContain(without.status);
      expect(without.status === 302 ? without.headers.get("location") : "/login").toContain("/login");
      const wrong = await fetch(address + path, { redirect: "manual", headers: { authorization: `token ${"0".repeat(48)}` } });
      expect(refusals).toContain(wrong.status);
      const right = await fetch(address + path, { redirect: "manual", headers: { authorization: `token ${platform.secret("jupyter_token")}` } });
      expect(right.status).toBe(200);
    },
    120_000,
  );
}
