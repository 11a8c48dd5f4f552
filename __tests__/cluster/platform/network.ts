import { InNamespace } from "../support/in-namespace";
import { namespaces, OURS } from "../support/namespaces";
import { reach } from "../support/reach";
import { stranger, STRANGER_PORT } from "../support/strangers";
import type { Platform } from "../support/platform";
import type { Pod } from "../support/pods";

/** Who may open a connection to whom, written down a second time: not read from the stacks, which could be wrong. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  frontend: ["redis:6379", "dask-scheduler:8788"],
  "dask-workers": ["redis:6379", "dask-scheduler:8786", "dask-workers:9000"],
  "dask-scheduler": ["dask-workers:9000"],
  "jupyter-notebook": ["redis:6379", "dask-scheduler:8786", "dask-scheduler:8787", "dask-scheduler:8788"],
  redis: [],
  "a stranger in the namespace": [],
  "a stranger in another namespace": ["frontend:8080"],
  "a scraper in another namespace": ["frontend:8080", "frontend:9464", "dask-scheduler:8787", "dask-scheduler:8788", "dask-workers:8790"],
};

/**
 * Addresses in the internet that answer on these ports to whoever may ask, where the cluster has a way there. Where it has none, silence
 * proves nothing, and there is no control: addresses of the node itself, the cluster's API among them, are not for policies to keep
 * on every network.
 */
const internet = ["1.1.1.1:443", "8.8.8.8:53"];

interface Source {
  readonly name: string;
  readonly pod: string;
  readonly ip?: string;
  readonly cluster: InNamespace;
}

/** Every pod tries every port of every other, at its address: what listens there is shown first. */
export function network(platform: Platform): void {
  const outside = new InNamespace(namespaces.outside);
  const reached = new Map<string, string[]>();
  let targets: { name: string; address: string; ip: string }[] = [];

  beforeAll(async () => {
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: outside.namespace, labels: OURS } };
    await outside.run(["apply", "--filename", "-"], JSON.stringify(namespace));
    await Promise.all([
      stranger(platform.cluster, "stranger"), stranger(outside, "stranger"), stranger(outside, "listener"),
      stranger(outside, "scraper", { "porta/scraper": "true" }),
    ]);
    const pods = await platform.pods();
    targets = pods.flatMap((pod) => pod.spec.containers.flatMap(({ ports = [] }) => ports.map(({ containerPort }) =>
      ({ name: `${roleOf(pod)}:${containerPort}`, address: `${pod.status.podIP}:${containerPort}`, ip: pod.status.podIP }))));
    const { status: listener } = await outside.json<Pod>(["get", "pod", "listener"]);
    const names = new Map([[`${listener.podIP}:${STRANGER_PORT}`, "the listener outside"]]);
    const addresses = [...targets.map(({ address }) => address), ...names.keys(), ...internet];
    const sources: Source[] = [
      ...pods.map((pod) => ({ name: roleOf(pod), pod: pod.metadata.name, ip: pod.status.podIP, cluster: platform.cluster })),
      { name: "a stranger in the namespace", pod: "stranger", cluster: platform.cluster },
      { name: "a stranger in another namespace", pod: "stranger", cluster: outside },
      { name: "a scraper in another namespace", pod: "scraper", cluster: outside },
    ];
    await Promise.all(sources.map(async ({ name, pod, ip, cluster }) => {
      const open = await reach(cluster, pod, addresses);
      const others = targets.filter((target) => target.ip !== ip);
      const inside = [...new Set(others.map((target) => target.name))].flatMap((target) => {
        const [all, some] = [others, others.filter(({ address }) => open.includes(address))].map((list) => list.filter((one) => one.name === target).length);
        return some === 0 ? [] : [some === all ? target : `${target} of ${some} in ${all} pods`];
      });
      const beyond = open.filter((address) => !targets.some((target) => target.address === address));
      const own = targets.filter((target) => target.ip === ip && !open.includes(target.address)).map((target) => `its own ${target.name} is closed`);
      const seen = [...inside, ...own, ...beyond.map((address) => names.get(address) ?? address)];
      reached.set(name, [...new Set([...(reached.get(name) ?? []), ...seen])].sort());
    }));
  }, 300_000);

  afterAll(() => outside.run(["delete", "namespace", outside.namespace, "--ignore-not-found", "--timeout=150s"]), 200_000);

  const ours = Object.entries(allowed).filter(([name]) => !name.includes("another namespace"));
  test.each(ours)("%s reaches %j and no other port of any pod, nothing outside, nothing in the internet; all its own ports listen", (name, ports) => {
    expect(reached.get(name)).toEqual([...ports].sort());
  });

  test.each(Object.entries(allowed).filter(([name]) => name.includes("another namespace")))("%s reaches %j of the platform and nothing else", (name, ports) => {
    const of = (reached.get(name) ?? []).filter((target) => !internet.includes(target));
    // What listens outside answers to those outside: the silence towards the platform's pods is the policies'.
    expect(of).toEqual([...ports, "the listener outside"].sort());
  });

  test("every port of every role was tried", () => {
    expect([...new Set(targets.map(({ name }) => name))].sort()).toEqual([
      "dask-scheduler:8786", "dask-scheduler:8787", "dask-scheduler:8788", "dask-workers:8790", "dask-workers:9000",
      "frontend:8080", "frontend:9464", "jupyter-notebook:8888", "redis:6379",
    ]);
  });
}

function roleOf({ metadata }: Pod): string {
  return metadata.name.replace(/-[^-]+-[^-]+$/, "");
}
