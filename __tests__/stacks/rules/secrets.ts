import type { Platform } from "../support/platform";
import type { Rule } from "../support/rule";
import { unless } from "../support/rule";
import type { Container, PodSpec, Secret } from "../support/terraform";
import { everyContainer, everyDeployment, everyPod } from "./pods";

/** Names under which one would look for a secret. */
const telling = /PASS|TOKEN|SECRET|KEY|CREDENTIAL|AUTH/;

/** Which Secrets a pod may hold: its own account, its own certificate. */
const held: Readonly<Record<string, readonly string[]>> = {
  frontend: ["redis-frontend"],
  redis: ["redis-acl", "redis-probe"],
  "dask-scheduler": ["dask-scheduler-tls"],
  "dask-workers": ["dask-worker-tls", "redis-worker"],
  "jupyter-notebook": ["dask-client-tls", "jupyter-token", "redis-notebook"],
};

export const secretRules: readonly Rule[] = [
  {
    promise: "a Secret holds nothing but references to sensitive variables, which have no default",
    check: (platform) => [
      ...platform.secrets.flatMap(({ metadata: { name }, data }) => Object.entries(data).flatMap(([file, text]) => {
        const literal = text.replaceAll(/\$\{(sha256\()?var\.\w+\)?\}/g, "");
        // An access list has words of its own around its references; they grant, and are not secret.
        const words = file === "users.acl" ? literal.replaceAll(/^user \w+ (on #|off).*$/gm, "").trim() : literal;
        return unless(words === "" && text !== literal, `${name}/${file} holds something of its own`);
      })),
      ...Object.entries(platform.stacks).flatMap(([stack, { variable = {} }]) => Object.entries(variable).flatMap(([name, { sensitive, default: preset, nullable }]) =>
        unless(sensitive === true && preset === undefined && nullable === false, `${stack}: ${name} is not sensitive, or may be empty`))),
    ],
    mutants: {
      "a password": (platform) => { platform.secret("redis-frontend").data["password"] = "hunter2"; },
      "a password beside a reference": (platform) => {
        platform.secret("jupyter-token").data["token"] = "prefix-${var.jupyter_token}";
      },
      "an empty token": (platform) => { platform.secret("jupyter-token").data["token"] = ""; },
      "a plain password in the access list": (platform) => {
        const { data } = platform.secret("redis-acl");
        data["users.acl"] = (data["users.acl"] ?? "").replace("on #", "on >secret #");
      },
      "a variable that is shown": (platform) => {
        const variable = platform.stacks["namespace"]?.variable?.["jupyter_token"];
        if (variable) variable.sensitive = false;
      },
      "a variable with a default": (platform) => {
        const variable = platform.stacks["namespace"]?.variable?.["jupyter_token"];
        if (variable) variable.default = "";
      },
    },
  },
  {
    promise: "no secret stands in an argument, a variable, an annotation's plain text or a label",
    check: (platform) => everyPod(platform, (pod) => everyContainer(pod, (container) => [
      ...words(container).flatMap((word) => unless(!/\$\{(?!sha256)/.test(word) && !word.includes("var."), `${word} goes in plain`)),
      ...container.env.flatMap(({ name, value = "" }) => unless(
        !telling.test(name.replace(/_(FILE|KEY|CERT)$/, "")) || /^\/run\/porta\//.test(value), `${name} is not a file`)),
      ...(container.args ?? []).flatMap((word) => unless(!/^--.*(token|password)(=|$)/i.test(word), `${word} is an argument`)),
    ])),
    mutants: {
      "a password in the environment": (platform) => {
        platform.container("frontend").env.push({ name: "REDIS_PASSWORD", value: "hunter2" });
      },
      "a variable in an argument": (platform) => {
        platform.container("redis").args?.push("--requirepass", "${var.redis_password_worker}");
      },
      "a token as an argument": (platform) => { platform.container("jupyter-notebook").args?.push("--IdentityProvider.token="); },
      "a reference in the environment": (platform) => {
        platform.container("frontend").env.push({ name: "X", value: "${var.redis_password_worker}" });
      },
    },
  },
  {
    promise: "a pod holds its own secrets and no other's, and only its group reads them",
    check: (platform) => everyDeployment(platform, ({ metadata: { name }, spec: { template: { spec: pod } } }) => {
      const mounted = pod.volume.flatMap(({ secret }) => (secret ? [secret] : []));
      const names = mounted.map(({ secret_name }) => secret_name).sort();
      return [
        ...unless(JSON.stringify(names) === JSON.stringify(held[name]), `holds ${names.join(", ")}`),
        ...unless(mounted.every(({ default_mode: mode }) => mode === "0440"), "lets everyone read"),
        ...unless(mounted.length === 0 || pod.security_context.fs_group === pod.security_context.run_as_group, "cannot read"),
        ...everyContainer(pod, ({ volume_mount: mounts, env }) => [
          ...mounts.flatMap(({ name: volume, read_only: readOnly }) =>
            unless(readOnly === true || !pod.volume.some((one) => one.name === volume && one.secret), "may write secrets")),
          ...unless(env.every(({ value_from: from }) => !from?.secret_key_ref), "has secrets in its environment"),
        ]),
      ];
    }),
    mutants: {
      "the worker's account": (platform) => {
        const secret = platform.pod("frontend").volume.find((volume) => volume.secret)?.secret;
        if (secret) secret.secret_name = "redis-worker";
      },
      "readable for all": (platform) => {
        const secret = platform.pod("frontend").volume.find((volume) => volume.secret)?.secret;
        if (secret) secret.default_mode = "0444";
      },
      "not readable": (platform) => { delete platform.pod("frontend").security_context.fs_group; },
      "in the environment": (platform) => {
        platform.container("frontend").env.push({ name: "X", value_from: { secret_key_ref: { name: "redis-worker", key: "password" } } });
      },
    },
  },
  {
    promise: "every Secret that is mounted is declared, every one declared is mounted, and every file that is spoken of is in it",
    check: (platform) => {
      const declared = platform.secrets.map(({ metadata }) => metadata.name);
      const mounted = platform.deployments.flatMap(({ spec }) => spec.template.spec.volume.flatMap(({ secret }) => secret?.secret_name ?? []));
      return [
        ...mounted.flatMap((name) => unless(declared.includes(name), `${name} is not declared`)),
        ...declared.flatMap((name) => unless(mounted.includes(name), `${name} is used by nobody`)),
        ...everyPod(platform, (pod) => everyContainer(pod, (container) => words(container).flatMap((text) =>
          (text.match(/\/run\/porta\/[\w/.-]+/g) ?? []).flatMap((path) => unless(
            isThere(platform, pod, container, path), `${path} is not there`))))),
      ];
    },
    mutants: {
      "an unknown Secret": (platform) => { platform.secret("redis-frontend").metadata.name = "redis-page"; },
      "a file lost": (platform) => { delete platform.secret("dask-worker-tls").data["ca.crt"]; },
      "a mount elsewhere": (platform) => {
        const mount = platform.container("redis").volume_mount.find(({ name }) => name === "redis-probe");
        if (mount) mount.mount_path = "/run/porta/other";
      },
    },
  },
  {
    promise: "whatever changes in a Secret changes the pods that hold it",
    check: (platform) => everyDeployment(platform, ({ spec: { template: { metadata: { annotations }, spec } } }) =>
      spec.volume.flatMap(({ secret }) => {
        const found = platform.secrets.find(({ metadata }) => metadata.name === secret?.secret_name);
        return found ? [...variables(found)].flatMap((variable) =>
          unless(annotations[`checksum/${variable}`] === `\${sha256(var.${variable})}`, `does not notice ${variable}`))
          .concat(unless(/^[0-9a-f]{64}$/.test(annotations[`checksum/${found.metadata.name}`] ?? ""), "does not notice its shape")) : [];
      })),
    mutants: {
      "no checksum": (platform) => { platform.deployment("redis").spec.template.metadata.annotations = {}; },
      "a checksum of something else": (platform) => {
        platform.deployment("frontend").spec.template.metadata.annotations["checksum/redis_password_frontend"] =
          "${sha256(var.redis_password_worker)}";
      },
    },
  },
  {
    promise: "each stack declares the variables that it uses and no other",
    check: (platform) => Object.entries(platform.stacks).flatMap(([stack, { resource, variable = {} }]) => {
      const used = new Set([...JSON.stringify(resource).matchAll(/var\.(\w+)/g)].map(([, name]) => name ?? ""));
      return [
        ...[...used].flatMap((name) => unless(name in variable, `${stack} uses ${name}`)),
        ...Object.keys(variable).flatMap((name) => unless(used.has(name), `${stack} declares ${name}`)),
      ];
    }),
    mutants: {
      "undeclared": (platform) => { delete platform.stacks["redis"]?.variable?.["redis_password_probe"]; },
    },
  },
  {
    promise: "the authority's key is nowhere",
    check: (platform) => unless(!/authority_key|ca\.key/.test(JSON.stringify(platform.stacks)), "it is spoken of"),
    mutants: {
      "in a Secret": (platform) => { platform.secret("dask-client-tls").data["ca.key"] = "${var.dask_authority_key}"; },
    },
  },
];

function words({ command = [], args = [], env, ...rest }: Container): string[] {
  const probes = [rest.startup_probe, rest.liveness_probe, rest.readiness_probe];
  return [...command, ...args, ...env.map(({ value }) => value ?? ""), ...probes.flatMap((probe) => probe?.exec?.command ?? [])];
}

function variables({ data }: Secret): Set<string> {
  return new Set(Object.values(data).flatMap((text) => [...text.matchAll(/var\.(\w+)/g)].map(([, name]) => name ?? "")));
}

/** Whether a path below /run/porta is a mount, or a file of a mounted Secret. */
function isThere(platform: Platform, pod: PodSpec, container: Container, path: string): boolean {
  return container.volume_mount.some(({ name, mount_path: mount }) => {
    const secret = pod.volume.find((volume) => volume.name === name)?.secret?.secret_name;
    if (secret === undefined) return path === mount;
    return Object.keys(platform.secrets.find(({ metadata }) => metadata.name === secret)?.data ?? {})
      .some((file) => path === `${mount}/${file}`);
  });
}
