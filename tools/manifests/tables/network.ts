import { block, bool, ignored, integerOrString, many, map, number, one, string, strings } from "./field";
import { labelSelector, namespaced } from "./shared";

const servicePort = block({
  name: string(),
  app_protocol: string(),
  node_port: number(),
  port: number({ sent: true }),
  protocol: string({ default: "TCP" }),
  target_port: integerOrString(),
});

/** What only a load balancer may have, the provider sends only to one. */
const balancerOnly = ["allocateLoadBalancerNodePorts", "loadBalancerClass"];

const serviceSpec = block(
  {
    allocate_load_balancer_node_ports: bool({ default: true, sent: true }),
    cluster_ip: string({ name: "clusterIP" }),
    cluster_ips: strings({ name: "clusterIPs" }),
    external_ips: strings({ name: "externalIPs", set: "serialized" }),
    external_name: string(),
    external_traffic_policy: string(),
    health_check_node_port: number(),
    internal_traffic_policy: string(),
    ip_families: strings(),
    ip_family_policy: string(),
    load_balancer_class: string(),
    load_balancer_ip: string({ name: "loadBalancerIP" }),
    load_balancer_source_ranges: strings({ set: "serialized" }),
    port: many("ports", servicePort),
    publish_not_ready_addresses: bool(),
    selector: map(),
    session_affinity: string({ default: "None" }),
    session_affinity_config: one(
      block({ client_ip: one(block({ timeout_seconds: number({ sent: true }) }), { name: "clientIP" }) }),
    ),
    type: string({ default: "ClusterIP" }),
  },
  (rendered) =>
    rendered.type === "LoadBalancer"
      ? rendered
      : Object.fromEntries(Object.entries(rendered).filter(([name]) => !balancerOnly.includes(name))),
);

export const service = block({
  metadata: namespaced,
  spec: one(serviceSpec),
  timeouts: ignored,
  wait_for_load_balancer: ignored,
});

const backend = block({
  resource: one(block({ api_group: string(), kind: string({ sent: true }), name: string({ sent: true }) })),
  service: one(block({ name: string({ sent: true }), port: one(block({ name: string(), number: number() })) })),
});

const ingressPath = block({
  path: string(),
  path_type: string({ default: "ImplementationSpecific", sent: true }),
  backend: one(backend, { sent: true }),
});

export const ingress = block({
  metadata: namespaced,
  timeouts: ignored,
  wait_for_load_balancer: ignored,
  spec: one(
    block({
      default_backend: one(backend),
      ingress_class_name: string(),
      rule: many(
        "rules",
        block({ host: string(), http: one(block({ path: many("paths", ingressPath) }), { sent: true }) }),
      ),
      tls: many("tls", block({ hosts: strings(), secret_name: string() })),
    }),
  ),
});

const policyPorts = many(
  "ports",
  block({ end_port: number(), port: integerOrString(), protocol: string({ default: "TCP" }) }),
);
const peer = block({
  ip_block: one(block({ cidr: string({ sent: true }), except: strings() })),
  namespace_selector: one(labelSelector),
  pod_selector: one(labelSelector),
});

export const networkPolicy = block({
  metadata: namespaced,
  spec: one(
    block({
      egress: many("egress", block({ ports: policyPorts, to: many("to", peer) })),
      ingress: many("ingress", block({ ports: policyPorts, from: many("from", peer) })),
      pod_selector: one(labelSelector, { sent: true }),
      policy_types: strings(),
    }),
  ),
});
