import type { Readable } from "node:stream";

/** A progress line holds at most an overview in base64, some 90 kB. */
const LONGEST = 1024 * 1024;

/** The lines of a UTF-8 stream, without their ends. @throws Error where a line is longer than anything expected */
export async function* lines(stream: Readable): AsyncGenerator<string> {
  let rest = "";
  stream.setEncoding("utf8");
  for await (const text of stream as AsyncIterable<string>) {
    rest += text;
    for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
      yield rest.slice(0, end);
      rest = rest.slice(end + 1);
    }
    if (rest.length > LONGEST) throw new Error("A line has no end.");
  }
  if (rest) yield rest;
}
