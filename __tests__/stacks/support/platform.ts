import type * as tf from "./terraform";

/** A synthesized stack. */
export interface StackJson {
  readonly dependencies: string[];
  readonly resource: Record<string, Record<string, unknown>>;
  readonly variable?: Record<string, tf.Variable>;
}

/** One resource of Terraform's: its type, where it stands, and what it says. */
export interface Resource<T = unknown> {
  readonly stack: string;
  readonly type: string;
  readonly body: T;
}

/** The synthesized platform, as rules look at it and as mutants break it. */
export class Platform {
  constructor(readonly stacks: Record<string, StackJson>) {}

  copy(): Platform {
    return new Platform(structuredClone(this.stacks));
  }

  get resources(): Resource[] {
    return Object.entries(this.stacks).flatMap(([stack, { resource }]) =>
      Object.entries(resource).flatMap(([type, bodies]) => Object.values(bodies).map((body) => ({ stack, type, body }))));
  }

  of<T>(type: string): T[] {
    return this.resources.filter((resource) => resource.type === type).map(({ body }) => body as T);
  }

  get deployments(): tf.Deployment[] {
    return this.of("kubernetes_deployment_v1");
  }

  get services(): tf.Service[] {
    return this.of("kubernetes_service_v1");
  }

  get secrets(): tf.Secret[] {
    return this.of("kubernetes_secret_v1");
  }

  get policies(): tf.NetworkPolicy[] {
    return this.of("kubernetes_network_policy_v1");
  }

  /** The Deployment of this name. */
  deployment(name: string): tf.Deployment {
    return named(this.deployments, name);
  }

  /** Its pod template's spec. */
  pod(name: string): tf.PodSpec {
    return this.deployment(name).spec.template.spec;
  }

  /** Its one container. */
  container(name: string): tf.Container {
    return this.pod(name).container[0];
  }

  service(name: string): tf.Service {
    return named(this.services, name);
  }

  policy(name: string): tf.NetworkPolicy {
    return named(this.policies, name);
  }

  secret(name: string): tf.Secret {
    return named(this.secrets, name);
  }
}

function named<T extends { metadata: { name: string } }>(all: readonly T[], name: string): T {
  const found = all.find(({ metadata }) => metadata.name === name);
  if (!found) throw new Error(`There is no ${name}, only ${all.map(({ metadata }) => metadata.name).join(", ")}.`);
  return found;
}

/** Value of a variable in a container's environment. */
export function envOf({ env }: tf.Container, name: string): string | undefined {
  return env.find((entry) => entry.name === name)?.value;
}

/** What follows an option among a container's arguments. */
export function option({ args = [] }: tf.Container, name: string): string | undefined {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args[at + 1];
}
