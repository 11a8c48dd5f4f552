import { ServiceV1 } from "@cdktf/provider-kubernetes/lib/service-v1";
import { Construct } from "constructs";
import type { Exposure } from "../config/config";
import type { Role } from "../roles";

export interface ServiceProps<Port extends string> {
  readonly namespace: string;
  /** @default the role's name */
  readonly name?: string;
  readonly role: Role<Port>;
  /** Which of the role's ports it offers, under the same numbers. */
  readonly ports: readonly Port[];
  /** Whether its name leads to pods that are not ready as well. @default false */
  readonly unready?: boolean;
  /** @default inside the cluster only */
  readonly exposure?: Exposure;
}

const inside: Exposure = { type: "ClusterIP", nodePort: null };

/** A name in the cluster for the pods of a role. */
export class Service<Port extends string = string> extends Construct {
  readonly #name: string;
  readonly #role: Role<Port>;
  readonly #ports: readonly Port[];

  constructor(scope: Construct, id: string, props: ServiceProps<Port>) {
    super(scope, id);
    const { namespace, role, name = role.name, ports, unready = false, exposure = inside } = props;
    [this.#name, this.#role, this.#ports] = [name, role, ports];
    new ServiceV1(this, "service", {
      metadata: { name, namespace, labels: { ...role.labels } },
      // Its address may come late, or never (minikube without a tunnel): the pods are up without it.
      waitForLoadBalancer: false,
      spec: {
        type: exposure.type,
        // Clients' addresses arrive as they are, and no node passes a request on to another.
        ...(exposure.type === "ClusterIP" ? {} : { externalTrafficPolicy: "Local" }),
        publishNotReadyAddresses: unready,
        selector: { ...role.labels },
        port: ports.map((port) => ({
          name: port,
          port: role.ports[port],
          targetPort: port,
          protocol: "TCP",
          ...(exposure.nodePort === null ? {} : { nodePort: exposure.nodePort }),
        })),
      },
    });
  }

  /** `host:port` for pods of this namespace. */
  address(port: Port): string {
    if (!this.#ports.includes(port)) {
      throw new Error(`The Service ${this.#name} does not offer its role's port ${port}, only ${this.#ports.join(", ")}.`);
    }
    return `${this.#name}:${this.#role.ports[port]}`;
  }
}
