/**
 * What npm, pip and uv say when an installation fails, by the reason behind it. The first that fits counts: a full disk also breaks
 * connections, and a certificate that is not trusted is also a request that failed.
 * @type {readonly { pattern: RegExp, advice: string }[]}
 */
const REASONS = [
  {
    pattern: /\bENOSPC\b|No space left on device|\(os error 28\)|\bEDQUOT\b|Disk quota exceeded/i,
    advice: "The disk is full. Porta needs 2 GB while it installs, in this folder, in the folder for temporary files and in the caches of npm and uv.",
  },
  {
    pattern: /\b(EACCES|EPERM|EROFS)\b|Permission denied|Operation not permitted|Read-only file system|\(os error (1|13|30)\)/i,
    advice:
      "A file or folder may not be written. Does it belong to another user, such as root? The path stands above; to take it over: " +
      'sudo chown -R "$(id -un)" PATH',
  },
  {
    pattern: /\b(EMFILE|ENFILE)\b|Too many open files/i,
    advice: "Too few files may be open at a time. Allow more in this terminal: ulimit -n 4096",
  },
  {
    pattern: /\bEINTEGRITY\b|Hash mismatch|DO NOT MATCH THE HASHES|integrity checksum failed|invalid checksum/i,
    advice:
      "A package is not the one that the lock file names. Most likely a download was damaged, or a mirror has changed it. " +
      "Empty the caches: npm cache clean --force; .venv/bin/uv cache clean",
  },
  {
    pattern: /CERTIFICATE_VERIFY_FAILED|invalid peer certificate|UnknownIssuer|\bCERT_|SELF_SIGNED_CERT|UNABLE_TO_(GET|VERIFY)|unable to get (local )?issuer|self[- ]signed certificate|certificate has expired|ERR_TLS_CERT/i,
    advice:
      "The certificate of the package registry is not trusted. Behind a company's proxy name its certificates: " +
      "NODE_EXTRA_CA_CERTS=/path/to/certificates.pem SSL_CERT_FILE=/path/to/certificates.pem",
  },
  {
    pattern: /\b407\b|Proxy Authentication Required/i,
    advice: "The proxy wants a name and a password: HTTPS_PROXY=http://name:password@host:port",
  },
  {
    pattern: /\b(E401|E403|ENEEDAUTH)\b|\b40[13] (Unauthorized|Forbidden|Client Error)|Forbidden|Unauthorized/i,
    advice: "The package registry refuses us. Check your credentials there: npm config get registry; pip config list; the variables UV_INDEX_*",
  },
  {
    // An interpreter that is too new, a rare processor: there is a source, but nothing that is ready.
    pattern: /no wheels? with a matching|is not compatible with|unsupported platform|\bEBADPLATFORM\b|Failed to build|requires a different Python|requires-python|node-gyp|command '\S*(gcc|cc|clang)'/i,
    advice:
      "For this platform or this Python there is no ready package. Porta needs CPython 3.11 to 3.14 on Linux with glibc, or macOS: PORTA_PYTHON=/path/to/python3",
  },
  {
    pattern:
      /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ECONNABORTED|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|EPIPE|ERR_SOCKET_TIMEOUT|EIDLETIMEOUT)\b|dns error|error sending request|Failed to fetch|tcp connect error|name resolution|Name or service not known|NewConnectionError|Connection (refused|reset|timed out|broken)|Read timed out|Network is unreachable|socket hang up|network timeout|5\d\d (Bad Gateway|Service Unavailable|Gateway Time-?out|Internal Server Error)/i,
    advice: "The package registry cannot be reached. Is the network there? Where only a proxy leads out: HTTPS_PROXY=http://host:port",
  },
  {
    // After the network: pip tells a registry that it cannot reach as one that has no version.
    pattern: /\b(E404|ETARGET)\b|\b404 Not Found|No matching (distribution|version)|No solution found|not found in the package registry|Could not find a version/i,
    advice: "The package registry does not have a version that the lock file names. A mirror may lag behind: try another one, or ask those who run it.",
  },
  {
    pattern: /\bSIGKILL\b|Cannot allocate memory|\bENOMEM\b|JavaScript heap out of memory|MemoryError|\(os error 12\)/i,
    advice: "The memory was not enough: the system has ended it, or gave no more. Close other programs; Porta needs 2 GB while it installs.",
  },
];

/**
 * @param {string} said how an installer ended, and what it printed
 * @returns {string | undefined} the reason in words and the way out; undefined where we do not know the reason
 */
export function adviceFor(said) {
  return REASONS.find(({ pattern }) => pattern.test(said))?.advice;
}
