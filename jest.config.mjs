/** @type {import("jest").Config} */
export default {
  testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", "<rootDir>/__tests__/cluster/"],
  modulePathIgnorePatterns: ["<rootDir>/services/frontend/dist", "<rootDir>/.venv", "<rootDir>/.porta"],
  transform: { "^.+\\.[mc]?[jt]s$": ["@swc/jest", { jsc: { target: "es2023", parser: { syntax: "typescript" } } }] },
  // Packages that are ESM only: jest cannot require them as Node 20.19 can.
  transformIgnorePatterns: ["/node_modules/(?!(content-disposition)/)"],
  // End-to-end tests start real processes; each has to be able to wait for them.
  testTimeout: 60_000,
};
