import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import type { FastifyReply } from "fastify";
import fp from "fastify-plugin";
import type { Problem } from "../problem";

declare module "fastify" {
  interface FastifyInstance {
    /** Sends a problem as a page. A decorator of the app: a reply for what the router rejects has none of ours. */
    sendProblemPage(reply: FastifyReply, problem: Problem): FastifyReply;
  }
}

/** How much of an address the page repeats. */
const QUOTED_CHARACTERS = 100;

/** A browser that navigates asks for HTML. Programs ask for JSON or for anything; where both are named, the problem is for a program. */
export function wantsPage({ headers: { accept = "" } }: IncomingMessage): boolean {
  return /\btext\/html\b/i.test(accept) && !/[/+]json\b/i.test(accept);
}

/** Problems for people: the same words as the problem details, in the look of the other pages, with the way home. */
export const problemPage = fp<{ folder: string }>((app, { folder }, done) => {
  const template = readFileSync(join(folder, "problem.html"), "utf8");
  app.decorate("sendProblemPage", (reply: FastifyReply, { status, title, detail, headers, example }: Problem) => {
    const url = reply.request.raw.url ?? "";
    const path = url.split("?")[0] as string;
    const words: Readonly<Record<string, string>> = {
      status: String(status),
      title,
      detail,
      ...(example === undefined
        ? { way: url, wayWords: "Try again" }
        : { way: example.startsWith("?") ? path + example : example, wayWords: `An address that works: ${example}` }),
      asked: url.length > QUOTED_CHARACTERS ? `${url.slice(0, QUOTED_CHARACTERS)}…` : url,
    };
    return reply
      .code(status)
      .headers({ "Cache-Control": "no-store", Vary: "Accept", "X-Content-Type-Options": "nosniff", ...headers })
      .type("text/html; charset=utf-8")
      .send(template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => escaped(words[name] ?? "")));
  });
  done();
}, "5.x");

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
