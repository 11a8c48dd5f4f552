import { NetworkPolicyV1, type NetworkPolicyV1SpecIngressFrom } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import { Construct } from "constructs";
import { dns, type Edge, type Peer } from "../edges";
import type { Role } from "../roles";

export interface NetworkPoliciesProps {
  readonly namespace: string;
  readonly roles: readonly Role[];
  readonly edges: readonly Edge[];
}

/** Refuses every connection in both directions, then lets through what the edges say: one policy a role. */
export class NetworkPolicies extends Construct {
  constructor(scope: Construct, id: string, { namespace, roles, edges }: NetworkPoliciesProps) {
    super(scope, id);
    new NetworkPolicyV1(this, "default-deny", {
      metadata: { name: "default-deny", namespace },
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    });
    new NetworkPolicyV1(this, "dns", {
      metadata: { name: "dns", namespace },
      spec: {
        podSelector: {},
        policyTypes: ["Egress"],
        egress: [{ to: peers(dns.pods), ports: ["UDP", "TCP"].map((protocol) => ({ port: String(dns.port), protocol })) }],
      },
    });
    for (const role of roles) {
      const ingress = edges.filter(({ to }) => to === role);
      const egress = edges.filter(({ from }) => from === role);
      new NetworkPolicyV1(this, role.name, {
        metadata: { name: role.name, namespace },
        spec: {
          podSelector: { matchLabels: { ...role.labels } },
          policyTypes: ["Ingress", "Egress"],
          ingress: ingress.map(({ from, ports }) => (from === "anyone"
            ? { ports: tcp(ports) } : { from: peers(from), ports: tcp(ports) })),
          egress: egress.map(({ to, ports }) => ({ to: peers(to), ports: tcp(ports) })),
        },
      });
    }
  }
}

function tcp(ports: readonly number[]) {
  return ports.map((port) => ({ port: String(port), protocol: "TCP" }));
}

function peers({ labels, namespace }: Exclude<Peer, "anyone">): NetworkPolicyV1SpecIngressFrom[] {
  return [{
    ...(namespace ? { namespaceSelector: Object.keys(namespace).length > 0 ? { matchLabels: { ...namespace } } : {} } : {}),
    podSelector: { matchLabels: { ...labels } },
  }];
}
