import { block, bool, integerOrString, many, number, one, string, strings } from "./field";
import { seccompProfile, seLinuxOptions, resourceRequirements, user } from "./shared";

const keyRef = block({ name: string(), key: string({ sent: true }), optional: bool({ sent: true }) });
const sourceRef = block({ name: string(), optional: bool({ sent: true }) });

export const fieldRef = block({ api_version: string({ default: "v1" }), field_path: string({ sent: true }) });
export const resourceFieldRef = block({
  container_name: string(),
  resource: string({ sent: true }),
  divisor: string({ default: "1" }),
});

const env = block({
  name: string({ sent: true }),
  value: string(),
  value_from: one(
    block({
      config_map_key_ref: one(keyRef),
      field_ref: one(fieldRef),
      resource_field_ref: one(resourceFieldRef),
      secret_key_ref: one(keyRef),
    }),
  ),
});

const envFrom = block({ prefix: string(), config_map_ref: one(sourceRef), secret_ref: one(sourceRef) });

const handler = {
  exec: one(block({ command: strings() })),
  http_get: one(
    block({
      host: string(),
      path: string(),
      port: integerOrString(),
      scheme: string({ default: "HTTP" }),
      http_header: many("httpHeaders", block({ name: string({ sent: true }), value: string({ sent: true }) })),
    }),
  ),
  tcp_socket: one(block({ port: integerOrString() })),
};

const probe = block({
  ...handler,
  grpc: one(block({ port: number({ sent: true }), service: string({ sent: true }) })),
  failure_threshold: number({ default: 3 }),
  initial_delay_seconds: number(),
  period_seconds: number({ default: 10 }),
  success_threshold: number({ default: 1 }),
  timeout_seconds: number({ default: 1 }),
});

/** Of a container: unset booleans are sent as false, over what the pod's own context says. */
const securityContext = block({
  allow_privilege_escalation: bool({ default: true, sent: true }),
  capabilities: one(block({ add: strings(), drop: strings() })),
  privileged: bool({ sent: true }),
  read_only_root_filesystem: bool({ sent: true }),
  ...user,
  run_as_non_root: bool({ sent: true }),
  se_linux_options: one(seLinuxOptions),
  seccomp_profile: one(seccompProfile),
});

export const container = block({
  name: string({ sent: true }),
  image: string(),
  image_pull_policy: string(),
  command: strings(),
  args: strings(),
  working_dir: string(),
  env_from: many("envFrom", envFrom),
  env: many("env", env),
  port: many(
    "ports",
    block({
      name: string(),
      container_port: number({ sent: true }),
      host_ip: string({ name: "hostIP" }),
      host_port: number(),
      protocol: string({ default: "TCP" }),
    }),
  ),
  resources: one(resourceRequirements, { sent: true }),
  lifecycle: one(block({ post_start: one(block(handler)), pre_stop: one(block(handler)) })),
  liveness_probe: one(probe),
  readiness_probe: one(probe),
  startup_probe: one(probe),
  security_context: one(securityContext),
  stdin: bool(),
  stdin_once: bool(),
  termination_message_path: string({ default: "/dev/termination-log" }),
  termination_message_policy: string(),
  tty: bool(),
  volume_device: many("volumeDevices", block({ name: string({ sent: true }), device_path: string({ sent: true }) })),
  volume_mount: many(
    "volumeMounts",
    block({
      name: string({ sent: true }),
      mount_path: string({ sent: true }),
      mount_propagation: string({ default: "None", sent: true }),
      read_only: bool(),
      sub_path: string(),
      sub_path_expr: string(),
    }),
  ),
});
