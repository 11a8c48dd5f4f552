import { request, type ClientRequest, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import type { Endpoint } from "./addresses";
import { ENGINE } from "./contract";
import { afterListening, PATIENCE_MS } from "./deadline";
import type { Computation, Progress } from "./kinds/kind";
import { lines } from "./lines";
import { away, declined, refusedByPool, type Problem } from "./problem";

/** The pool gave up on a computation. */
export interface Failure {
  readonly reason: string;
  readonly retryable: boolean;
  readonly status: number;
}

export type Line =
  | { readonly started: boolean }
  | { readonly progress: Progress }
  | { readonly ready: object }
  | { readonly failed: Failure };

export interface DispatchOptions {
  readonly url: URL;
  /** The scheduler beside dispatch, to tell why dispatch is not there; null where it is not known. */
  readonly scheduler: Endpoint | null;
  /** @default STARTING_MS */
  readonly startingMs?: number;
}

/** Progress comes twice a second, also without news: so long a silence is a lost stream. */
const SILENCE_MS = 10_000;

/**
 * A scheduler opens its own port some milliseconds before that of its dispatch, on a busy machine some seconds. One that answers
 * without dispatch for longer than this was started without it.
 */
const STARTING_MS = 15_000;

/** To find out whether a scheduler listens where dispatch does not: both together take less than 250 ms. */
const LOOK_MS = 75;

/** Dispatch, in the Dask scheduler: one request has something computed and tells how it goes. */
export class Dispatch {
  /** Since when the scheduler has been seen without dispatch; null where the last look showed something else. */
  private alone: number | null = null;

  constructor(private readonly options: DispatchOptions) {}

  /**
   * Asks for a computation. Ends with a `ready` or `failed` line, or throws.
   *
   * @throws Problem 503: away, too busy, or not what is expected there; 4xx: dispatch does not take it
   */
  async *open(computation: Computation, signal: AbortSignal): AsyncGenerator<Line> {
    const response = await this.post(computation, signal);
    if (response.statusCode !== 200) throw await this.refusal(response);
    try {
      for await (const line of lines(response)) yield JSON.parse(line) as Line;
    } catch {
      signal.throwIfAborted();
    } finally {
      response.destroy();
    }
    throw away("pool", "The connection to the pool was lost.");
  }

  private async post({ key }: Computation, signal: AbortSignal): Promise<IncomingMessage> {
    const url = new URL(`/${key}`, this.options.url);
    url.searchParams.set("engine", String(ENGINE));
    // No connection is kept: a scheduler that was restarted must not cost the first request after it.
    const outgoing = request(url, { method: "POST", agent: false, signal, headers: { "content-length": 0 } });
    try {
      const response = await answered(outgoing);
      this.alone = null;
      return response;
    } catch (error) {
      signal.throwIfAborted();
      throw await this.unreachable(error);
    }
  }

  /** Dispatch answers, but not with a stream. */
  private async refusal(response: IncomingMessage): Promise<Problem> {
    const { statusCode = 0, headers } = response;
    if (!headers["content-type"]?.startsWith("application/problem+json")) {
      response.destroy();
      return away("pool", `What listens at ${this.options.url.origin} is not Porta's dispatch (status ${statusCode}).`, 5);
    }
    let detail = "";
    try {
      for await (const line of lines(response)) detail += line;
      detail = String((JSON.parse(detail) as { detail?: unknown }).detail ?? "");
    } catch {
      detail = "";
    }
    detail ||= `It refuses work (status ${statusCode}).`;
    if (statusCode < 500) return refusedByPool(statusCode, detail);
    const seconds = Number(headers["retry-after"]);
    return declined("The pool", detail, seconds > 0 ? seconds : undefined);
  }

  private async unreachable(error: unknown): Promise<Problem> {
    const { url, scheduler } = this.options;
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (code === "ETIMEDOUT") {
      this.alone = null;
      const seconds = PATIENCE_MS / 1000;
      return away("pool", `Dispatch at ${url.origin} has not answered for ${seconds} s: its scheduler is stopped or overloaded, or the network drops packets.`);
    }
    if (code === "ECONNREFUSED" && scheduler && (await listens(scheduler))) return this.withoutDispatch(scheduler);
    this.alone = null;
    return away("pool", `Dispatch does not answer at ${url.origin}${code ? ` (${code})` : ""}.`);
  }

  private withoutDispatch({ host, port }: Endpoint): Problem {
    const now = performance.now();
    this.alone ??= now;
    const what = `The Dask scheduler at ${host}:${port}`;
    const nothing = `nothing listens at ${this.options.url.origin}`;
    if (now - this.alone < (this.options.startingMs ?? STARTING_MS)) {
      return away("pool", `${what} is starting: ${nothing} yet.`);
    }
    return away("pool", `${what} runs without dispatch: ${nothing}. Start it with --preload porta.dispatch.`, 5);
  }
}

/**
 * The response, within PATIENCE_MS; after it, silence ends the stream. A connection that is accepted is no sign of life, since the
 * system accepts it for a process that is stopped: it does not prolong the wait.
 */
function answered(outgoing: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const cancel = afterListening(PATIENCE_MS, () => outgoing.destroy(timedOut()));
    outgoing.on("response", (response) => {
      cancel();
      response.socket.setTimeout(SILENCE_MS, () => response.socket.destroy(timedOut()));
      resolve(response);
    });
    outgoing.on("error", (error) => {
      cancel();
      reject(error);
    });
    outgoing.end();
  });
}

function timedOut(): Error {
  return Object.assign(new Error("timed out"), { code: "ETIMEDOUT" });
}

function listens({ host, port }: Endpoint): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: LOOK_MS });
    const end = (is: boolean) => () => {
      socket.destroy();
      resolve(is);
    };
    socket.once("connect", end(true)).once("error", end(false)).once("timeout", end(false));
  });
}
