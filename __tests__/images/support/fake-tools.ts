import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../../support/part";

/** What a tool answers to its question whether it works: text and exit code. */
export interface Answer {
  readonly says?: string;
  readonly fails?: boolean;
}

/**
 * A PATH on which only the given tools are. Minikube, docker and podman cannot run everywhere; what the project asks of them is on their
 * command lines, which these note. They keep images as names in a file; a build's context is looked at while it is there.
 */
export class FakeTools {
  readonly #folder = temporaryFolder();
  readonly env: NodeJS.ProcessEnv = { PATH: this.#folder.path, HOME: this.#folder.path };

  constructor(tools: Readonly<Record<string, Answer>>) {
    for (const [name, answer] of Object.entries(tools)) this.#add(name, answer);
  }

  #add(name: string, { says = "", fails = false }: Answer): void {
    const path = join(this.#folder.path, name);
    const script = `#!/bin/sh
PATH=/usr/local/bin:/usr/bin:/bin
cd "${this.#folder.path}"
echo "${name} $*" >> commands
if [ -e "fail-$2" ] || [ -e "fail-$1" ]; then echo "no space left on device" >&2; exit 1; fi
for last; do :; done
case "$*" in
  "status "*|info|"images -q") echo "${says}"; ${fails ? `echo "${says}" >&2; exit 1` : "exit 0"};;
  "image inspect "*|"image exists "*|"inspect "*) grep -qxF "$last" store 2>/dev/null;;
  "image ls") cat store 2>/dev/null;;
  *"build "*)
    (cd "$last" && find . -type f | sort) > context
    cp "$last/Dockerfile" dockerfile
    [ -e forgetful ] && exit 0
    while [ "$1" != -t ]; do shift; done
    echo "$2" >> store;;
esac
`;
    writeFileSync(path, script);
    chmodSync(path, 0o755);
  }

  /** Lets every command whose first or second word this is fail, or `forgetful` builds come to nothing. */
  break(what: string): void {
    writeFileSync(join(this.#folder.path, what === "forgetful" ? what : `fail-${what}`), "");
  }

  /** Command lines so far that begin with one of the words that change something, without the folder of a context. */
  get changes(): string[] {
    return this.#read("commands")
      .filter((line) => / (build|push|tag|image build) /.test(line))
      .map((line) => line.replace(/ \S*porta-(frontend|python)-\S+$/, " CONTEXT"));
  }

  get store(): string[] {
    return this.#read("store");
  }

  /** The Dockerfile of the last build. */
  get dockerfile(): string {
    return this.#read("dockerfile").join("\n");
  }

  #read(name: string): string[] {
    const path = join(this.#folder.path, name);
    return existsSync(path) ? readFileSync(path, "utf8").split("\n").filter((line) => line !== "") : [];
  }

  dispose(): void {
    this.#folder.remove();
  }
}
