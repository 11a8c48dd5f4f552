import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";

/** What a `.env` file says, and what in it counts for nothing. */
export interface EnvFile {
  readonly values: Record<string, string>;
  /** In words, each with its line. */
  readonly remarks: readonly string[];
}

const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/;
const QUOTES = ["'", '"', "`"];

/** @throws Error in words, where the file cannot be read or is not text */
export function readEnvFile(path: string): EnvFile {
  const lines = decode(readFileSync(path)).split(/\r\n|\r|\n/);
  const remarks: string[] = [];
  const assignments: string[] = [];
  const seen = new Map<string, number>();
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    if (/^\s*(#|$)/.test(line)) continue;
    const [, name, value = ""] = ASSIGNMENT.exec(line) ?? [];
    if (name === undefined) {
      remarks.push(`line ${index + 1} is not NAME=value, and is ignored`);
      continue;
    }
    const earlier = seen.get(name);
    if (earlier !== undefined) remarks.push(`${name} is on line ${earlier} and on line ${index + 1}: the last one counts`);
    seen.set(name, index + 1);
    const last = endOfValue(lines, index, value);
    if (last === undefined) remarks.push(`line ${index + 1}: the quote before the value of ${name} is never closed`);
    // Node's parser reads the value. It gets one assignment after the other, since it takes a line without "=" for a part of the next name.
    assignments.push([`${name}=${value}`, ...lines.slice(index + 1, (last ?? index) + 1)].join("\n"));
    index = last ?? index;
  }
  return { values: parseEnv(assignments.join("\n")) as Record<string, string>, remarks };
}

/** The line on which a value ends: a quoted one may go over several. Undefined where its quote is not closed. */
function endOfValue(lines: readonly string[], first: number, value: string): number | undefined {
  const quote = QUOTES.find((candidate) => value.startsWith(candidate));
  if (quote === undefined || value.indexOf(quote, 1) > 0) return first;
  const further = lines.slice(first + 1).findIndex((line) => line.includes(quote));
  return further < 0 ? undefined : first + 1 + further;
}

/** Editors on Windows write a byte-order mark, and PowerShell writes UTF-16. */
function decode(bytes: Buffer): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
  let text;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes); // without its byte-order mark
  } catch {
    text = "\0";
  }
  if (text.includes("\0")) throw new Error("it is not text in UTF-8, nor in UTF-16 with a byte-order mark. Save it as UTF-8.");
  return text;
}
