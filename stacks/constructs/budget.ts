import { LimitRangeV1 } from "@cdktf/provider-kubernetes/lib/limit-range-v1";
import { ResourceQuotaV1 } from "@cdktf/provider-kubernetes/lib/resource-quota-v1";
import { Construct } from "constructs";
import type { Config, Resources } from "../config/config";
import { printCpu, printMemory } from "../config/quantity";

/** Room for `kubectl scale`, and for new pods beside old ones: twice of what is declared. */
const headroom = 2;

/** What the namespace may take in all, and what a container gets that does not say. */
export class Budget extends Construct {
  constructor(scope: Construct, id: string, { namespace, config }: { readonly namespace: string; readonly config: Config }) {
    super(scope, id);
    const pods = declared(config);
    const sum = (amount: (resources: Resources) => number) => headroom *
      pods.reduce((total, { replicas, resources }) => total + replicas * amount(resources), 0);
    const exposed = [config.frontend.exposure, config.jupyter.exposure];
    new ResourceQuotaV1(this, "quota", {
      metadata: { name: "quota", namespace },
      spec: {
        hard: {
          "requests.cpu": printCpu(sum(({ cpu }) => cpu.request)),
          "requests.memory": printMemory(sum(({ memory }) => memory.request)),
          "limits.cpu": printCpu(sum(({ cpu }) => cpu.limit)),
          "limits.memory": printMemory(sum(({ memory }) => memory.limit)),
          pods: String(headroom * pods.reduce((total, { replicas }) => total + replicas, 0)),
          persistentvolumeclaims: "1",
          // Nothing is reachable from outside but what the configuration exposes. A load balancer takes a node port as well.
          "services.nodeports": String(exposed.filter(({ type }) => type !== "ClusterIP").length),
          "services.loadbalancers": String(exposed.filter(({ type }) => type === "LoadBalancer").length),
        },
      },
    });
    new LimitRangeV1(this, "limits", {
      metadata: { name: "limits", namespace },
      spec: {
        limit: [{
          type: "Container",
          default: { cpu: "500m", memory: "256Mi" },
          defaultRequest: { cpu: "50m", memory: "64Mi" },
        }],
      },
    });
  }
}

function declared({ frontend, scheduler, worker, jupyter, redis }: Config) {
  return [{ replicas: 1, ...redis }, { replicas: 1, ...scheduler }, worker, { replicas: 1, ...jupyter }, frontend];
}
