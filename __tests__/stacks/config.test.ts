import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError, readConfig } from "../../stacks/config/config";
import { mebibytes, millicores, printCpu, printMemory } from "../../stacks/config/quantity";
import { configurationTable } from "../../stacks/config/table";
import { variables } from "../../stacks/config/variables";
import { option } from "./support/platform";
import { synth } from "./support/synth";

function findings(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.findings;
  }
}

test.each([
  ["KUBECONFIG", "\0"],
  ["KUBE_CONTEXT", "two words"],
  ["NAMESPACE", "Sedaro"],
  ["NAMESPACE", `${"a".repeat(64)}`],
  ["FRONTEND_IMAGE", "porta/frontend"],
  ["PYTHON_IMAGE", "localhost:5000/porta/python:latest"],
  ["REDIS_IMAGE", "redis:8 --privileged"],
  ["MAX_STEPS", "1e6"],
  ["MAX_STEPS", "10000000"],
  ["MAX_RUNS", "0"],
  ["MAX_RUNS", "1000000"],
  ["MAX_ENSEMBLE_STEPS", "1e10"],
  ["MAX_ENSEMBLE_STEPS", "1000000000001"],
  ["WORKERS", "0"],
  ["WORKERS", "007"],
  ["WORKERS", "three"],
  ["FRONTENDS", "-1"],
  ["REDIS_MAXMEMORY", "1GB"],
  ["REDIS_MAXMEMORY", "32Mi"],
  ["FRONTEND_SERVICE_TYPE", "Ingress"],
  ["FRONTEND_NODE_PORT", "80"],
  ["JUPYTER_SERVICE_TYPE", "nodeport"],
  ["STORAGE_CLASS", "fast disk"],
  ["WORKER_CPU_REQUEST", "1.5m"],
  ["WORKER_MEMORY_LIMIT", "256Mi"],
  ["ROLLOUT_SECONDS", "0"],
])("%s=%j is refused, with its value and what is allowed", (name, value) => {
  expect(findings({ [name]: value })).toEqual([
    `${name}=${JSON.stringify(value)} is not allowed: ${variables[name as keyof typeof variables].allowed}`,
  ]);
});

test("everything that is wrong is said at once, with the way out", () => {
  const wrong = { WORKERS: "many", NAMESPACE: "not a name", FRONTEND_IMAGE: "x:latest" };
  expect(findings(wrong)).toHaveLength(3);
  expect(() => readConfig(wrong)).toThrow(/\.env/);
});

test.each([
  [{ WORKER_CPU_REQUEST: "2", WORKER_CPU_LIMIT: "1" }, "WORKER_CPU_REQUEST is more than WORKER_CPU_LIMIT: reserve at most what may be used"],
  [{ JUPYTER_MEMORY_REQUEST: "2Gi" }, "JUPYTER_MEMORY_REQUEST is more than JUPYTER_MEMORY_LIMIT: reserve at most what may be used"],
  [{ JUPYTER_NODE_PORT: "30000" }, "JUPYTER_NODE_PORT=30000 needs JUPYTER_SERVICE_TYPE NodePort or LoadBalancer; it is ClusterIP"],
  [
    { FRONTEND_NODE_PORT: "30000", JUPYTER_NODE_PORT: "30000", JUPYTER_SERVICE_TYPE: "NodePort" },
    "FRONTEND_NODE_PORT and JUPYTER_NODE_PORT are both 30000: take two ports",
  ],
])("%j contradicts itself, and that is said", (env, finding) => {
  expect(findings(env)).toEqual([finding]);
});

test("an empty variable counts as unset, and a long value is not quoted whole", () => {
  expect(readConfig({ WORKERS: "", NAMESPACE: "" })).toEqual(readConfig({}));
  expect(findings({ NAMESPACE: "A".repeat(1000) })[0]?.length).toBeLessThan(200);
});

test("what is chosen arrives in the stacks", () => {
  const platform = synth({
    KUBECONFIG: "~/one:/etc/two", KUBE_CONTEXT: "mine", NAMESPACE: "elsewhere", FRONTEND_IMAGE: "localhost:5000/f:1", PYTHON_IMAGE: "localhost:5000/p:2",
    REDIS_IMAGE: "redis:8.2.1", MAX_STEPS: "7", MAX_RUNS: "11", MAX_ENSEMBLE_STEPS: "20000000000", WORKERS: "5", FRONTENDS: "4", REDIS_MAXMEMORY: "512Mi", FRONTEND_SERVICE_TYPE: "LoadBalancer",
    FRONTEND_NODE_PORT: "30080", JUPYTER_SERVICE_TYPE: "NodePort", JUPYTER_NODE_PORT: "30088", STORAGE_CLASS: "fast", JUPYTER_STORAGE: "3Gi",
    WORKER_CPU_REQUEST: "250m", WORKER_CPU_LIMIT: "2", WORKER_MEMORY_REQUEST: "512Mi", WORKER_MEMORY_LIMIT: "2Gi", ROLLOUT_SECONDS: "60",
  });
  expect(platform.stacks["redis"]).toMatchObject({ provider: { kubernetes: [{ config_paths: ["~/one", "/etc/two"], config_context: "mine" }] } });
  expect(platform.service("frontend")).toMatchObject({ metadata: { namespace: "elsewhere" }, spec: { type: "LoadBalancer", port: [{ node_port: 30080 }] } });
  expect(platform.service("dask-notebook").spec).toMatchObject({ type: "NodePort", port: [{ node_port: 30088 }] });
  expect(platform.deployments.map(({ spec }) => spec.template.spec.container[0].image).sort())
    .toEqual(["localhost:5000/f:1", "localhost:5000/p:2", "localhost:5000/p:2", "localhost:5000/p:2", "redis:8.2.1"]);
  expect(platform.deployment("dask-workers").spec).toMatchObject({ replicas: "5", progress_deadline_seconds: 60 });
  expect(platform.deployment("frontend").spec.replicas).toBe("4");
  expect(platform.container("dask-workers").resources).toMatchObject({
    requests: { cpu: "250m", memory: "512Mi" }, limits: { cpu: "2", memory: "2Gi" },
  });
  expect(option(platform.container("dask-workers"), "--memory-limit")).toBe("1920MiB");
  expect(platform.container("redis").resources.limits).toMatchObject({ memory: "704Mi" });
  expect(platform.of("kubernetes_persistent_volume_claim_v1"))
    .toMatchObject([{ spec: { storage_class_name: "fast", resources: { requests: { storage: "3Gi" } } } }]);
  for (const [name, value] of [["MAX_STEPS", "7"], ["MAX_RUNS", "11"], ["MAX_ENSEMBLE_STEPS", "20000000000"]])
    expect(platform.container("frontend").env).toContainEqual({ name, value });
});

test.each([
  ["100m", millicores, 100, printCpu, "100m"],
  ["1", millicores, 1000, printCpu, "1"],
  ["0.5", millicores, 500, printCpu, "500m"],
  ["1500m", millicores, 1500, printCpu, "1500m"],
  ["2000m", millicores, 2000, printCpu, "2"],
  ["512Mi", mebibytes, 512, printMemory, "512Mi"],
  ["2048Mi", mebibytes, 2048, printMemory, "2Gi"],
  ["1Gi", mebibytes, 1024, printMemory, "1Gi"],
])("%s is printed as the API server prints it, so that a second plan is empty", (text, parse, value, print, printed) => {
  expect(parse(text)).toBe(value);
  expect(print(value)).toBe(printed);
});

test("the table of variables in the README is the one that the code has", () => {
  expect(readFileSync(join(__dirname, "../../README.md"), "utf8")).toContain(`\n\n${configurationTable()}\n`);
});
