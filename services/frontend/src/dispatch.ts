import { request, type ClientRequest, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import type { Endpoint } from "./addresses";
import { ENGINE } from "./contract";
import { afterListening } from "./deadline";
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
}

/** A server on the same network accepts at once; a client that may have to be refused has 250 ms. */
const CONNECT_MS = 150;

/** A scheduler that has accepted may be busy; it is not away. */
const ANSWER_MS = 5_000;

/** Progress comes twice a second, also without news: so long a silence is a lost stream. */
const SILENCE_MS = 10_000;

/** Dispatch, in the Dask scheduler: one request has something computed and tells how it goes. */
export class Dispatch {
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
      return await answered(outgoing);
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
    if (code === "ECONNREFUSED" && scheduler && (await listens(scheduler))) {
      const where = `${scheduler.host}:${scheduler.port}`;
      const detail =
        `The Dask scheduler at ${where} runs without dispatch: nothing listens at ${url.origin}. ` +
        "Start it with --preload porta.dispatch.";
      return away("pool", detail, 5);
    }
    return away("pool", `Dispatch does not answer at ${url.origin}${code ? ` (${code})` : ""}.`);
  }
}

/** The response, within CONNECT_MS to connect and ANSWER_MS to answer; after it, silence ends the stream. */
function answered(outgoing: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    let cancel = afterListening(CONNECT_MS, () => outgoing.destroy(timedOut()));
    outgoing.on("socket", (socket) =>
      socket.once("connect", () => {
        cancel();
        cancel = afterListening(ANSWER_MS, () => outgoing.destroy(timedOut()));
        socket.setTimeout(SILENCE_MS, () => socket.destroy(timedOut()));
      }),
    );
    outgoing.on("response", (response) => {
      cancel();
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
    const socket = connect({ host, port, timeout: 75 });
    const end = (is: boolean) => () => {
      socket.destroy();
      resolve(is);
    };
    socket.once("connect", end(true)).once("error", end(false)).once("timeout", end(false));
  });
}
