// What our frontend is compared with.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { get } from "../../../scripts/platform/service.mjs";
import { LOOPBACK } from "../../../scripts/process/ports.mjs";

/** Headers that each server makes for itself. */
const OWN = ["date", "connection", "keep-alive", "content-length", "transfer-encoding"];

/**
 * @param {{ port: number, file: string, path: string, directory: string, python: string }} options `file`.headers holds the headers
 * @returns {import("../../../scripts/platform/service.mjs").Service}
 */
export function bareService({ port, file, path, directory, python }) {
  return {
    child: {
      name: "bare",
      command: process.execPath,
      args: [join(import.meta.dirname, "_bare.mjs"), String(port), file, path.split("?")[0] ?? path],
      log: join(directory, "log", "bare.log"),
      python,
    },
    isReady: async () => (await get(`http://${LOOPBACK}:${port}${path}`)).ok,
  };
}

/** @returns {string | undefined} */
export function findNginx() {
  for (const command of ["nginx", "/usr/sbin/nginx"]) {
    try {
      execFileSync(command, ["-v"], { stdio: "ignore" });
      return command;
    } catch {
      // not here
    }
  }
  return undefined;
}

/**
 * @param {{ nginx: string, port: number, file: string, path: string, headers: Record<string, string>, directory: string, python: string }} options
 * @returns {import("../../../scripts/platform/service.mjs").Service}
 */
export function nginxService({ nginx, port, file, path, headers, directory, python }) {
  const configuration = `${file}.nginx.conf`;
  const lines = Object.entries(headers)
    .filter(([name]) => ![...OWN, "content-type", "etag"].includes(name))
    .map(([name, value]) => `add_header ${name} '${value}';`);
  writeFileSync(
    configuration,
    `daemon off; master_process off; pid ${directory}/nginx.pid; error_log stderr warn;
events { worker_connections 256; }
http {
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; open_file_cache max=10;
  client_body_temp_path ${directory}/body; proxy_temp_path ${directory}/proxy; fastcgi_temp_path ${directory}/fastcgi;
  uwsgi_temp_path ${directory}/uwsgi; scgi_temp_path ${directory}/scgi;
  server {
    listen ${LOOPBACK}:${port};
    location = ${path.split("?")[0]} { alias ${file}; types {} default_type "${headers["content-type"]}"; ${lines.join(" ")} }
  }
}
`,
  );
  return {
    child: { name: "nginx", command: nginx, args: ["-c", configuration], log: join(directory, "log", "nginx.log"), python },
    isReady: async () => (await get(`http://${LOOPBACK}:${port}${path}`)).ok,
  };
}
