// Unpacks Chromium, the libraries and the font that it comes with into TMPDIR. The package does that itself only where it thinks that it runs
// in a cloud function; and its paths are fixed.
import { readdirSync } from "node:fs";
import { join } from "node:path";

/** @type {string} Not installed on most machines: so the type check must not look for it. */
const name = "@sparticuz/chromium";
const { inflate } = await import(name);
const archives = join(import.meta.dirname, "node_modules", name, "bin");
await Promise.all(readdirSync(archives).map((archive) => inflate(join(archives, archive))));
