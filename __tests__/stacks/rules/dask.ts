import { mebibytes } from "../../../stacks/config/quantity";
import { envOf, option, type Platform } from "../support/platform";
import type { Rule } from "../support/rule";
import { unless } from "../support/rule";

const pods = { "dask-scheduler": "SCHEDULER", "dask-workers": "WORKER", "jupyter-notebook": "CLIENT" };

export const daskRules: readonly Rule[] = [
  {
    promise: "Dask speaks only encrypted, and each process shows the certificate of its role",
    check: (platform) => Object.entries(pods).flatMap(([name, role]) => {
      const container = platform.container(name);
      const tls = "DASK_DISTRIBUTED__COMM__TLS";
      const path = container.volume_mount.find((mount) => mount.name === `dask-${role.toLowerCase()}-tls`)?.mount_path;
      return [
        ...unless(envOf(container, "DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION") === "True", `${name} does not insist on encryption`),
        ...unless(envOf(container, `${tls}__CA_FILE`) === `${path}/ca.crt`, `${name} trusts nobody, or anybody`),
        ...unless(envOf(container, `${tls}__${role}__CERT`) === `${path}/tls.crt`, `${name} has no certificate`),
        ...unless(envOf(container, `${tls}__${role}__KEY`) === `${path}/tls.key`, `${name} has no key`),
      ];
    }),
    mutants: {
      "a plain scheduler": (platform) => without(platform, "dask-scheduler", "DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION"),
      "no authority": (platform) => without(platform, "dask-workers", "DASK_DISTRIBUTED__COMM__TLS__CA_FILE"),
      "no certificate": (platform) => without(platform, "jupyter-notebook", "DASK_DISTRIBUTED__COMM__TLS__CLIENT__CERT"),
      "no key": (platform) => without(platform, "jupyter-notebook", "DASK_DISTRIBUTED__COMM__TLS__CLIENT__KEY"),
    },
  },
  {
    promise: "addresses say tls, the scheduler listens so, and on the ports of its Service",
    check: (platform) => {
      const [scheduler, worker] = [platform.container("dask-scheduler"), platform.container("dask-workers")];
      const port = (name: string) => String(scheduler.port.find((entry) => entry.name === name)?.container_port);
      return [
        ...unless(option(scheduler, "--protocol") === "tls", "the scheduler does not listen so"),
        ...unless(option(scheduler, "--port") === port("comm"), "the scheduler listens elsewhere"),
        ...unless(option(scheduler, "--dashboard-address") === `:${port("dashboard")}`, "the dashboard is elsewhere"),
        ...unless(envOf(scheduler, "PORTA_DISPATCH_PORT") === port("dispatch"), "dispatch is elsewhere"),
        ...unless(envOf(scheduler, "PORTA_DISPATCH_HOST") === "0.0.0.0", "dispatch listens to itself only"),
        ...unless(worker.args?.[4] === `tls://dask-scheduler:${port("comm")}`, "workers call elsewhere"),
        ...unless(envOf(platform.container("jupyter-notebook"), "DASK_SCHEDULER_ADDRESS") === `tls://dask-scheduler:${port("comm")}`, "Jupyter calls elsewhere"),
      ];
    },
    mutants: {
      "tcp": (platform) => {
        const { args = [] } = platform.container("dask-workers");
        args[4] = "tcp://dask-scheduler:8786";
      },
      "a listener without": (platform) => {
        const container = platform.container("dask-scheduler");
        container.args = container.args?.filter((word) => word !== "--protocol" && word !== "tls") ?? [];
      },
      "dispatch on loopback": (platform) => without(platform, "dask-scheduler", "PORTA_DISPATCH_HOST"),
    },
  },
  {
    promise: "a worker's ports are those of its pod, and its name is the pod's",
    check: (platform) => {
      const worker = platform.container("dask-workers");
      const port = (name: string) => String(worker.port.find((entry) => entry.name === name)?.container_port);
      return [
        ...unless(option(worker, "--worker-port") === port("comm"), "comm"),
        ...unless(option(worker, "--dashboard-address") === `:${port("http")}`, "http"),
        ...unless(option(worker, "--name") === "$(POD_NAME)", "name"),
        ...unless(worker.env[0]?.name === "POD_NAME" && worker.env[0].value_from?.field_ref?.field_path === "metadata.name", "POD_NAME"),
      ];
    },
    mutants: {
      "a port of its own choice": (platform) => {
        const container = platform.container("dask-workers");
        container.args = container.args?.filter((word) => word !== "--worker-port") ?? [];
      },
      "another name": (platform) => {
        const { args = [] } = platform.container("dask-workers");
        args[args.indexOf("--name") + 1] = "worker";
      },
    },
  },
  {
    promise: "Dask's memory limit follows the pod's, with room for the process that forks the worker: it acts before the kernel does",
    check: (platform) => {
      const worker = platform.container("dask-workers");
      const [own, pod] = [
        Number(/^(\d+)MiB$/.exec(option(worker, "--memory-limit") ?? "")?.[1]), mebibytes(worker.resources.limits["memory"] ?? "") ?? 0,
      ];
      return unless(own >= 256 && own + 128 <= pod, `Dask takes ${own} of ${pod} MiB`);
    },
    mutants: {
      "all of the pod": (platform) => {
        const { args = [] } = platform.container("dask-workers");
        args[args.indexOf("--memory-limit") + 1] = "1024MiB";
      },
      "a smaller pod": (platform) => { platform.container("dask-workers").resources.limits["memory"] = "512Mi"; },
    },
  },
  {
    promise: "scheduler and worker are forked from a process that has everything loaded",
    check: (platform) => ["dask-scheduler", "dask-workers"].flatMap((name) => {
      const { args = [] } = platform.container(name);
      return unless(args.slice(0, 3).join(" ") === "python -m porta.prefork", `${name} is not`);
    }),
    mutants: {
      "Dask's own command": (platform) => { platform.container("dask-workers").args?.splice(0, 3, "dask"); },
    },
  },
  {
    promise: "dispatch and the pool's own code are loaded, and a worker runs one task at a time",
    check: (platform) => [
      ...unless(option(platform.container("dask-scheduler"), "--preload") === "porta.dispatch", "no dispatch"),
      ...unless(option(platform.container("dask-workers"), "--preload") === "porta.worker", "no porta.worker"),
      ...unless(option(platform.container("dask-workers"), "--nthreads") === "1", "several at a time"),
    ],
    mutants: {
      "no dispatch": (platform) => {
        const container = platform.container("dask-scheduler");
        container.args = container.args?.filter((word) => word !== "--preload") ?? [];
      },
      "two threads": (platform) => {
        const { args = [] } = platform.container("dask-workers");
        args[args.indexOf("--nthreads") + 1] = "2";
      },
    },
  },
  {
    promise: "the dashboard runs no notebooks, and the routes that porta.dispatch leaves it are not put back",
    check: (platform) => {
      const { args = [], env } = platform.container("dask-scheduler");
      return [
        ...unless(!args.includes("--jupyter"), "it runs notebooks"),
        ...unless(env.every(({ name }) => !name.includes("HTTP__ROUTES")), "its routes are others"),
      ];
    },
    mutants: {
      "notebooks": (platform) => { platform.container("dask-scheduler").args?.push("--jupyter"); },
      "an API that changes the pool": (platform) => {
        platform.container("dask-scheduler").env.push({
          name: "DASK_DISTRIBUTED__SCHEDULER__HTTP__ROUTES", value: "['distributed.http.scheduler.api']",
        });
      },
    },
  },
];

function without(platform: Platform, name: string, variable: string): void {
  const container = platform.container(name);
  container.env = container.env.filter((entry) => entry.name !== variable);
}
