import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startService, type Service } from "../../scripts/platform/service.mjs";
import type { Child } from "../../scripts/process/child.mjs";

/** A folder for one part's files; gone when the part ends. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "porta-test-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 3 }) };
}

/** A running part: can be ended, killed as by a crash, and started again as it was. */
export class Part {
  #child: Child;

  private constructor(
    private readonly service: Service,
    child: Child,
  ) {
    this.#child = child;
  }

  static async start(service: Service): Promise<Part> {
    return new Part(service, await startService(service));
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** The end of what it printed. */
  log(lines = 50): string {
    return this.#child.tail(lines);
  }

  /** @param grace ms until it is killed */
  async stop(grace = 15_000): Promise<void> {
    await this.#child.stop({ grace });
  }

  async kill(): Promise<void> {
    await this.#child.kill();
  }

  /** Starts it again, on the same ports and with the same settings. Resolves when it is ready. */
  async startAgain(): Promise<void> {
    this.#child = await startService(this.service);
  }

  /** How it ended, in words; pending while it runs. */
  get ended(): Promise<string> {
    return this.#child.ended;
  }
}
