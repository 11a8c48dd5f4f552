import { manifests } from "./command";

process.exitCode = manifests(process.argv.slice(2), {
  folder: process.cwd(),
  environment: process.env,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
