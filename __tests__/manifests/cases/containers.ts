import { containerCase, podCase, type Case, containerDefaults } from "./case";

const probe = { failureThreshold: 3, periodSeconds: 10, successThreshold: 1, timeoutSeconds: 1 };

export const containers: readonly Case[] = [
  podCase(
    "containers and init containers, in their lists",
    {
      container: { name: "c", image: "i" },
      init_container: [{ name: "first", tty: true, stdin: true, stdin_once: true }],
    },
    {
      containers: [{ ...containerDefaults, name: "c", image: "i" }],
      initContainers: [{ ...containerDefaults, name: "first", tty: true, stdin: true, stdinOnce: true }],
    },
  ),
  containerCase("a container's name is sent even when empty", { name: "" }, { name: "" }),
  containerCase(
    "strings that are zero are left out, those of a pointer are not",
    { command: ["a", null, ""], args: [], working_dir: "", env: [{ name: "", value: "" }] },
    { command: ["a", "", ""], env: [{ name: "" }] },
  ),
  containerCase(
    "variables from elsewhere: whether they are optional is always said",
    {
      env: [
        { name: "a", value_from: { config_map_key_ref: { name: "m" } } },
        { name: "b", value_from: [{ secret_key_ref: { name: "s", key: "k", optional: true } }] },
        { name: "c", value_from: { field_ref: {} } },
        { name: "d", value_from: { resource_field_ref: { container_name: "c" } } },
      ],
      env_from: [{ prefix: "P_", secret_ref: { name: "s" } }, { config_map_ref: { name: "m", optional: true } }],
    },
    {
      env: [
        { name: "a", valueFrom: { configMapKeyRef: { name: "m", key: "", optional: false } } },
        { name: "b", valueFrom: { secretKeyRef: { name: "s", key: "k", optional: true } } },
        { name: "c", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "" } } },
        { name: "d", valueFrom: { resourceFieldRef: { containerName: "c", resource: "", divisor: "1" } } },
      ],
      envFrom: [
        { prefix: "P_", secretRef: { name: "s", optional: false } },
        { configMapRef: { name: "m", optional: true } },
      ],
    },
  ),
  containerCase(
    "a probe's numbers have the provider's defaults, and a port that is a number is one",
    {
      liveness_probe: { http_get: { path: "/", port: "80", http_header: { name: "a" } } },
      readiness_probe: [{ tcp_socket: [{ port: "http" }], initial_delay_seconds: 2 }],
      startup_probe: { grpc: [{ port: 9, service: "" }] },
    },
    {
      livenessProbe: {
        ...probe,
        httpGet: { path: "/", port: 80, scheme: "HTTP", httpHeaders: [{ name: "a", value: "" }] },
      },
      readinessProbe: { ...probe, tcpSocket: { port: "http" }, initialDelaySeconds: 2 },
      startupProbe: { ...probe, grpc: { port: 9, service: "" } },
    },
  ),
  containerCase(
    "gRPC ports and header names are sent though unset",
    { liveness_probe: { grpc: { service: "s" } }, readiness_probe: { http_get: { http_header: [{ value: "v" }] } } },
    {
      livenessProbe: { ...probe, grpc: { port: 0, service: "s" } },
      readinessProbe: { ...probe, httpGet: { scheme: "HTTP", httpHeaders: [{ name: "", value: "v" }] } },
    },
  ),
  containerCase(
    "handlers of a container's life",
    {
      lifecycle: {
        post_start: { exec: { command: ["a"] } },
        pre_stop: [{ http_get: { host: "h", port: "8080" }, tcp_socket: { port: "1" } }],
      },
    },
    {
      lifecycle: {
        postStart: { exec: { command: ["a"] } },
        preStop: { httpGet: { host: "h", port: 8080, scheme: "HTTP" }, tcpSocket: { port: 1 } },
      },
    },
  ),
  containerCase(
    "a security context says all of its booleans, against the pod's own",
    { security_context: { run_as_user: "1000" } },
    {
      securityContext: {
        allowPrivilegeEscalation: true,
        privileged: false,
        readOnlyRootFilesystem: false,
        runAsUser: 1000,
        runAsNonRoot: false,
      },
    },
  ),
  containerCase(
    "an empty security context is not nothing: the provider has a default in it",
    { security_context: {} },
    {
      securityContext: {
        allowPrivilegeEscalation: true,
        privileged: false,
        readOnlyRootFilesystem: false,
        runAsNonRoot: false,
      },
    },
  ),
  containerCase(
    "a security context in full",
    {
      security_context: {
        allow_privilege_escalation: false,
        capabilities: { add: ["NET_BIND_SERVICE"], drop: ["ALL"] },
        privileged: true,
        read_only_root_filesystem: true,
        run_as_group: "0",
        run_as_non_root: true,
        se_linux_options: { level: "l", role: "r", type: "t", user: "u" },
        seccomp_profile: { type: "Localhost", localhost_profile: "p" },
      },
    },
    {
      securityContext: {
        allowPrivilegeEscalation: false,
        capabilities: { add: ["NET_BIND_SERVICE"], drop: ["ALL"] },
        privileged: true,
        readOnlyRootFilesystem: true,
        runAsGroup: 0,
        runAsNonRoot: true,
        seLinuxOptions: { level: "l", role: "r", type: "t", user: "u" },
        seccompProfile: { type: "Localhost", localhostProfile: "p" },
      },
    },
  ),
  containerCase(
    "ports, volume mounts and devices",
    {
      port: [{ name: "http", container_port: 80, host_ip: "1.2.3.4", host_port: 8080 }, { protocol: "UDP" }],
      volume_mount: [
        { name: "v", mount_path: "/v" },
        { read_only: true, sub_path: "s", sub_path_expr: "e", mount_propagation: "" },
      ],
      volume_device: [{ name: "v", device_path: "/d" }, {}],
    },
    {
      ports: [
        { name: "http", containerPort: 80, hostIP: "1.2.3.4", hostPort: 8080, protocol: "TCP" },
        { containerPort: 0, protocol: "UDP" },
      ],
      volumeMounts: [
        { name: "v", mountPath: "/v", mountPropagation: "None" },
        { name: "", mountPath: "", readOnly: true, subPath: "s", subPathExpr: "e", mountPropagation: "" },
      ],
      volumeDevices: [{ name: "v", devicePath: "/d" }, {}],
    },
  ),
  containerCase(
    "devices with one half unset, resources and termination",
    {
      volume_device: [{ name: "v" }, { device_path: "/d" }],
      resources: { limits: { cpu: 1, memory: "64Mi" }, requests: {} },
      termination_message_path: "/log",
      termination_message_policy: "FallbackToLogsOnError",
      image_pull_policy: "Never",
    },
    {
      volumeDevices: [
        { name: "v", devicePath: "" },
        { name: "", devicePath: "/d" },
      ],
      resources: { limits: { cpu: "1", memory: "64Mi" } },
      terminationMessagePath: "/log",
      terminationMessagePolicy: "FallbackToLogsOnError",
      imagePullPolicy: "Never",
    },
  ),
];
