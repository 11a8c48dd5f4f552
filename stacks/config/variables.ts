import contract from "../../services/propagation/src/porta/contract.json";
import { choice, cpu, image, integer, memory, optional, pattern, variable } from "./variable";

const reserved = (kind: string, role: string) => `${kind} that ${role} reserves`;
const atMost = (kind: string, role: string) => `${kind} that ${role} may use at most`;
const nodePort = (service: string) => `the node port of ${service}, where its type has one; empty: any free one`;

/**
 * Every variable that the stacks know, by its name in the environment or `.env`. The README's table is made of these.
 * By these requests all of it fits beside the system pods of a default minikube (2 CPU, 4 GiB).
 */
export const variables = {
  KUBECONFIG: variable(pattern(/^[^\0]+$/, "paths of kubeconfig files"), "~/.kube/config", "the cluster's kubeconfig"),
  KUBE_CONTEXT: variable(
    optional(pattern(/^\S{1,253}$/, "the name of a context")), "", "its context; empty: the current one",
  ),
  NAMESPACE: variable(
    pattern(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, "a DNS label: a-z, 0-9 and -, at most 63"),
    "sedaro", "where everything goes",
  ),

  FRONTEND_IMAGE: variable(image, "localhost/porta/frontend:dev", "the frontend's image"),
  PYTHON_IMAGE: variable(image, "localhost/porta/python:dev", "the image of scheduler, workers and Jupyter"),
  REDIS_IMAGE: variable(image, "docker.io/library/redis:8", "the cache's image: Redis 8"),

  MAX_STEPS: variable(integer(1, 9_999_999), String(contract.maxSteps), "the most steps of a run that one may ask for"),
  MAX_RUNS: variable(integer(1, 999_999), String(contract.maxRuns), "the most runs of an ensemble that one may ask for"),
  // A hundred times the default: some hours of a pool of three.
  MAX_ENSEMBLE_STEPS: variable(
    integer(1, 1_000_000_000_000), String(contract.maxEnsembleSteps), "the most steps of an ensemble, of all its runs together",
  ),
  WORKERS: variable(integer(1, 100), "3", "workers in the pool"),
  FRONTENDS: variable(integer(1, 50), "2", "replicas of the frontend"),
  // A result may take a quarter of it: the largest run, some 172 MiB by its estimate, still fits.
  REDIS_MAXMEMORY: variable(memory(64), "768Mi", "what the cache may hold; its memory limit is a quarter more and 64Mi"),

  FRONTEND_SERVICE_TYPE: variable(
    choice("NodePort", "LoadBalancer", "ClusterIP"), "NodePort", "how the page is reached",
  ),
  FRONTEND_NODE_PORT: variable(optional(integer(30000, 32767)), "", nodePort("the frontend")),
  JUPYTER_SERVICE_TYPE: variable(
    choice("ClusterIP", "NodePort", "LoadBalancer"), "ClusterIP", "how JupyterLab is reached: who reaches it runs code",
  ),
  JUPYTER_NODE_PORT: variable(optional(integer(30000, 32767)), "", nodePort("JupyterLab")),

  STORAGE_CLASS: variable(
    optional(pattern(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/, "the name of a storage class")),
    "", "of the notebooks' volume, when it is made; empty: the cluster's default",
  ),
  JUPYTER_STORAGE: variable(memory(64), "1Gi", "the size of the notebooks' volume, when it is made"),

  FRONTEND_CPU_REQUEST: variable(cpu, "50m", reserved("CPU", "a frontend")),
  FRONTEND_CPU_LIMIT: variable(cpu, "1", atMost("CPU", "a frontend")),
  FRONTEND_MEMORY_REQUEST: variable(memory(64), "128Mi", reserved("memory", "a frontend")),
  FRONTEND_MEMORY_LIMIT: variable(memory(128), "512Mi", atMost("memory", "a frontend")),
  SCHEDULER_CPU_REQUEST: variable(cpu, "100m", reserved("CPU", "the scheduler")),
  SCHEDULER_CPU_LIMIT: variable(cpu, "1", atMost("CPU", "the scheduler")),
  SCHEDULER_MEMORY_REQUEST: variable(memory(128), "192Mi", reserved("memory", "the scheduler")),
  SCHEDULER_MEMORY_LIMIT: variable(memory(256), "1Gi", atMost("memory", "the scheduler")),
  WORKER_CPU_REQUEST: variable(cpu, "100m", reserved("CPU", "a worker")),
  WORKER_CPU_LIMIT: variable(cpu, "1", atMost("CPU", "a worker")),
  WORKER_MEMORY_REQUEST: variable(memory(128), "384Mi", reserved("memory", "a worker")),
  WORKER_MEMORY_LIMIT: variable(memory(512), "1Gi", atMost("memory", "a worker")),
  JUPYTER_CPU_REQUEST: variable(cpu, "100m", reserved("CPU", "JupyterLab")),
  JUPYTER_CPU_LIMIT: variable(cpu, "1", atMost("CPU", "JupyterLab")),
  JUPYTER_MEMORY_REQUEST: variable(memory(128), "256Mi", reserved("memory", "JupyterLab")),
  JUPYTER_MEMORY_LIMIT: variable(memory(256), "1Gi", atMost("memory", "JupyterLab")),
  REDIS_CPU_REQUEST: variable(cpu, "50m", reserved("CPU", "Redis")),
  REDIS_CPU_LIMIT: variable(cpu, "1", atMost("CPU", "Redis")),

  ROLLOUT_SECONDS: variable(
    integer(30, 3600), "180", "a rollout without progress for so long has failed, and ends the deploy",
  ),
};

export type VariableName = keyof typeof variables;
