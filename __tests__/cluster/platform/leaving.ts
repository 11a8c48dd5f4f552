import type { Platform } from "../support/platform";

interface Listed {
  readonly items: readonly { readonly kind: string; readonly metadata: { readonly name: string } }[];
}

interface Volumes {
  readonly items: readonly { readonly status: { readonly phase: string }; readonly spec: { readonly claimRef?: { readonly namespace: string } } }[];
}

/** The last of all: it takes the platform down. */
export function leaving(platform: Platform): void {
  const kinds = async (namespaced: boolean): Promise<string> => {
    const names = await platform.cluster.run(["api-resources", "--verbs=list", `--namespaced=${namespaced}`, "--output", "name"]);
    return names.split("\n").filter(Boolean).join(",");
  };
  const listed = async (args: readonly string[]): Promise<string[]> => {
    const { items } = await platform.cluster.json<Listed>(["get", ...args]);
    return items.map(({ kind, metadata: { name } }) => `${kind} ${name}`);
  };

  test("deleted file by file, the last one first, it is gone without a trace: no object, no volume in use, nothing of it beside its namespace", async () => {
    const { namespace } = platform;
    const inside = await kinds(true);
    expect(await listed([inside])).toEqual(expect.arrayContaining(["Deployment redis", "Secret redis-acl", "PersistentVolumeClaim notebooks"]));
    await platform.delete();
    expect(await platform.cluster.run(["get", "namespace", namespace, "--ignore-not-found"])).toBe("");
    expect(await listed([inside])).toEqual([]);
    const wide = (await kinds(false)).split(",").filter((kind) => kind !== "persistentvolumes");
    const { items } = await platform.cluster.json<Listed>(["get", wide.join(",")]);
    expect(items.filter((item) => JSON.stringify(item).includes(`"${namespace}"`)).map(({ kind, metadata: { name } }) => `${kind} ${name}`)).toEqual([]);
    // A volume that its class deletes is gone; one that it keeps is not bound any more.
    const volumes = await platform.cluster.json<Volumes>(["get", "persistentvolumes"]);
    expect(volumes.items.filter(({ spec, status }) => spec.claimRef?.namespace === namespace && status.phase === "Bound")).toEqual([]);
  }, 400_000);
}
