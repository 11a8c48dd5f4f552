import { metadata, type Case } from "./case";

const service = (title: string, spec: Case["given"], made: Case["made"]): Case => ({
  title,
  type: "kubernetes_service_v1",
  given: { metadata, spec, wait_for_load_balancer: false },
  made: { metadata, spec: made },
});
const ingress = (title: string, spec: Case["given"], made: Case["made"]): Case => ({
  title,
  type: "kubernetes_ingress_v1",
  given: { metadata, spec },
  made: { metadata, spec: made },
});

export const network: readonly Case[] = [
  service(
    "a Service with little set",
    {
      port: [
        { name: "http", target_port: "8080" },
        { port: 80, target_port: "http", node_port: 30080, protocol: "UDP" },
      ],
    },
    {
      ports: [
        { name: "http", port: 0, protocol: "TCP", targetPort: 8080 },
        { nodePort: 30080, port: 80, protocol: "UDP", targetPort: "http" },
      ],
      sessionAffinity: "None",
      type: "ClusterIP",
    },
  ),
  service(
    "what only a load balancer has is sent to one",
    {
      type: "LoadBalancer",
      load_balancer_class: "a/b",
      load_balancer_ip: "1.2.3.4",
      load_balancer_source_ranges: ["b", "d", "a"],
    },
    {
      allocateLoadBalancerNodePorts: true,
      loadBalancerClass: "a/b",
      loadBalancerIP: "1.2.3.4",
      // CRC-32 of "a;", "b;", "d;": 2352259389, 2803495678, 4047721848.
      loadBalancerSourceRanges: ["a", "b", "d"],
      sessionAffinity: "None",
      type: "LoadBalancer",
    },
  ),
  service(
    "a load balancer that allocates no node ports",
    { type: "LoadBalancer", allocate_load_balancer_node_ports: false },
    { allocateLoadBalancerNodePorts: false, sessionAffinity: "None", type: "LoadBalancer" },
  ),
  service(
    "addresses are spelt as Kubernetes spells them, and other types get nothing of a load balancer",
    {
      type: "NodePort",
      cluster_ip: "None",
      cluster_ips: ["None"],
      external_ips: ["b", "a"],
      load_balancer_class: "a/b",
      allocate_load_balancer_node_ports: true,
      session_affinity: "ClientIP",
      session_affinity_config: { client_ip: { timeout_seconds: 5 } },
    },
    {
      clusterIP: "None",
      clusterIPs: ["None"],
      externalIPs: ["a", "b"],
      sessionAffinity: "ClientIP",
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 5 } },
      type: "NodePort",
    },
  ),
  service(
    "a number that is too large for a port is a name",
    { port: [{ port: 1, target_port: "3000000000" }] },
    { ports: [{ port: 1, protocol: "TCP", targetPort: "3000000000" }], sessionAffinity: "None", type: "ClusterIP" },
  ),
  service(
    "a session's length is sent though zero",
    { session_affinity_config: { client_ip: { timeout_seconds: 0 } } },
    { sessionAffinity: "None", sessionAffinityConfig: { clientIP: { timeoutSeconds: 0 } }, type: "ClusterIP" },
  ),
  ingress(
    "an Ingress: a rule has an http part, a path has a type and a backend",
    {
      rule: [
        { host: "h" },
        {
          http: {
            path: [{}, { path: "/", path_type: "Prefix", backend: { service: { name: "s", port: { number: 80 } } } }],
          },
        },
      ],
    },
    {
      rules: [
        { host: "h", http: {} },
        {
          http: {
            paths: [
              { pathType: "ImplementationSpecific", backend: {} },
              { path: "/", pathType: "Prefix", backend: { service: { name: "s", port: { number: 80 } } } },
            ],
          },
        },
      ],
    },
  ),
  ingress(
    "an Ingress's backends and certificates",
    {
      default_backend: { service: { port: { name: "http" } } },
      rule: [
        { http: { path: { path_type: "", backend: { resource: { name: "r" } } } } },
        { http: { path: { backend: { resource: { kind: "k" } } } } },
      ],
      tls: [{ hosts: ["h"], secret_name: "s" }],
    },
    {
      defaultBackend: { service: { name: "", port: { name: "http" } } },
      rules: [
        { http: { paths: [{ pathType: "", backend: { resource: { kind: "", name: "r" } } }] } },
        { http: { paths: [{ pathType: "ImplementationSpecific", backend: { resource: { kind: "k", name: "" } } }] } },
      ],
      tls: [{ hosts: ["h"], secretName: "s" }],
    },
  ),
  {
    title: "a NetworkPolicy that selects everything and allows nothing",
    type: "kubernetes_network_policy_v1",
    given: { metadata, spec: { policy_types: ["Ingress", "Egress"] } },
    made: { metadata, spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] } },
  },
  {
    title: "a NetworkPolicy's peers and ports",
    type: "kubernetes_network_policy_v1",
    given: {
      metadata,
      spec: {
        pod_selector: { match_labels: { a: "b" } },
        policy_types: ["Ingress"],
        ingress: [
          {},
          {
            from: [{ pod_selector: {}, namespace_selector: {} }, { ip_block: { except: ["x"] } }],
            ports: [
              { port: "9000", end_port: 9010 },
              { port: "http", protocol: "UDP" },
            ],
          },
        ],
        egress: { to: { pod_selector: { match_labels: { c: "d" } } } },
      },
    },
    made: {
      metadata,
      spec: {
        podSelector: { matchLabels: { a: "b" } },
        policyTypes: ["Ingress"],
        ingress: [
          {},
          {
            from: [{ podSelector: {}, namespaceSelector: {} }, { ipBlock: { cidr: "", except: ["x"] } }],
            ports: [
              { port: 9000, endPort: 9010, protocol: "TCP" },
              { port: "http", protocol: "UDP" },
            ],
          },
        ],
        egress: [{ to: [{ podSelector: { matchLabels: { c: "d" } } }] }],
      },
    },
  },
];
