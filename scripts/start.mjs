// The first thing that `npm start` runs. It must be read by any Node, however old, to say that it is too old: so no import of our own here,
// and nothing newer than import().
const LEAST = [20, 19, 0];

const found = process.versions.node.split(".").map(Number);
const difference = LEAST.map((least, index) => (found[index] || 0) - least).find((number) => number !== 0) || 0;

if (difference < 0) {
  console.error(
    "\n  Porta needs Node " + LEAST.join(".") + " or newer; this is Node " + process.versions.node + " (" + process.execPath + ").\n" +
      "  Install a newer one: https://nodejs.org/en/download, or with nvm: nvm install 22\n",
  );
  process.exitCode = 1;
} else {
  import("./launch/index.mjs")
    .then(({ launch }) => launch())
    .then((code) => process.exit(code));
}
