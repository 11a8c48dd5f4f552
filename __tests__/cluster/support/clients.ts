import { Agent, get, type IncomingHttpHeaders } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../../scripts/process/wait.mjs";

/** Between two requests of one client, in ms. */
const PAUSE_MS = 50;

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface ClientsOptions {
  /** What to ask for next. */
  readonly url: () => string;
  readonly agent: () => Agent;
  /** What is wrong with an answer; null where nothing is. */
  readonly fault: (answer: Answer) => string | null;
}

/** Four clients that ask one after the other without end, until they are told to stop. */
export class Clients {
  /** What went wrong: no answer, or one that should not be. */
  readonly faults: string[] = [];
  readonly #served = new Map<number, number>();
  readonly #clients: Promise<void>[];
  #asking = true;

  constructor(private readonly options: ClientsOptions) {
    this.#clients = Array.from({ length: 4 }, () => this.#ask());
  }

  /** Answers of a status. */
  served(status: number): number {
    return this.#served.get(status) ?? 0;
  }

  async stop(): Promise<void> {
    this.#asking = false;
    await Promise.all(this.#clients);
  }

  async #ask(): Promise<void> {
    const { url, agent: agentOf, fault } = this.options;
    const agent = agentOf();
    while (this.#asking) {
      const asked = url();
      try {
        const answer = await ask(asked, agent);
        this.#served.set(answer.status, this.served(answer.status) + 1);
        const wrong = fault(answer);
        if (wrong !== null) this.faults.push(`${asked}: ${wrong}`);
      } catch (error) {
        this.faults.push(`${asked}: ${(error as Error).message}`);
      }
      await sleep(PAUSE_MS);
    }
    agent.destroy();
  }
}

/**
 * Asks until the answer is 200, as does whoever is told to come again: a computation takes longer than one request is held, or
 * what has just come back has not been found by everyone.
 *
 * @throws Error that names what was answered instead, after a minute
 */
export function served(url: string): Promise<Response> {
  return until(async () => {
    const answer = await fetch(url);
    if (answer.status === 200) return answer;
    throw new Error(`${answer.status} ${await answer.text()}`);
  }, { what: `200 for ${url}` });
}

/** @throws Error where there is no whole answer */
export function ask(url: string, agent?: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, timeout: 40_000 }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part) => (text += String(part)));
      response.on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    request.on("error", reject);
    request.on("timeout", () => request.destroy(new Error("no answer within 40 s")));
  });
}
