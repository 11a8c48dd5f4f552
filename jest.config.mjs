/** The checkout, as a regular expression: jest puts <rootDir> into its patterns as it is, and a folder such as C++ breaks them. */
const here = import.meta.dirname.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** @type {import("jest").Config} */
export default {
  testRegex: [`^${here}/__tests__/.*\\.test\\.ts$`],
  testPathIgnorePatterns: ["/node_modules/", `^${here}/__tests__/cluster/`],
  modulePathIgnorePatterns: ["services/frontend/dist", "\\.venv", "\\.porta"].map((folder) => `^${here}/${folder}`),
  transform: { "^.+\\.[mc]?[jt]s$": ["@swc/jest", { jsc: { target: "es2023", parser: { syntax: "typescript" } } }] },
  // Packages that are ESM only: jest cannot require them as Node 20.19 can.
  transformIgnorePatterns: ["/node_modules/(?!(content-disposition)/)"],
  // End-to-end tests start real processes; each has to be able to wait for them.
  testTimeout: 60_000,
};
