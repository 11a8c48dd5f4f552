import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError } from "../../stacks/config/config";
import { environment } from "../../stacks/config/environment";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "porta-test-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** What the stacks get from a `.env` file, and what is said of it. */
function read(content: string | Buffer): { values: Record<string, string | undefined>; remarks: string[] } {
  writeFileSync(join(folder, ".env"), content);
  const remarks: string[] = [];
  const all = environment(folder, (remark) => remarks.push(remark));
  return { values: Object.fromEntries(Object.entries(all).filter(([name]) => process.env[name] === undefined)), remarks };
}

test.each<[string, string | Buffer]>([
  ["a byte-order mark", "\uFEFFNAMESPACE=mine\nWORKERS=5\n"],
  ["UTF-16 with a byte-order mark, as PowerShell writes it", Buffer.from("\uFEFFNAMESPACE=mine\r\nWORKERS=5\r\n", "utf16le")],
  ["UTF-16 in the other order", Buffer.from("\uFEFFNAMESPACE=mine\r\nWORKERS=5\r\n", "utf16le").swap16()],
  ["line ends of Windows", "NAMESPACE=mine\r\nWORKERS=5\r\n"],
  ["line ends of old Macs", "NAMESPACE=mine\rWORKERS=5\r"],
  ["export before a name", "export NAMESPACE=mine\nexport\tWORKERS=5"],
  ["quotes", "NAMESPACE='mine'\nWORKERS=\"5\""],
  ["comments", "# mine\nNAMESPACE=mine # not yours\n  # WORKERS=6\nWORKERS='5' # five"],
  ["blanks around the sign", "  NAMESPACE = mine  \nWORKERS =5"],
])("a .env with %s is read whole, without a remark", (_, content) => {
  expect(read(content)).toEqual({ values: { NAMESPACE: "mine", WORKERS: "5" }, remarks: [] });
});

test("a quoted value may go over several lines", () => {
  expect(read('NAMESPACE="a\nWORKERS=6\nb"\nWORKERS=5')).toEqual({ values: { NAMESPACE: "a\nWORKERS=6\nb", WORKERS: "5" }, remarks: [] });
});

test.each([
  ["WORKRES=5", ".env: WORKRES is not a variable that is read from there, and is ignored. Is WORKERS meant?"],
  ["workers=5", ".env: workers is not a variable that is read from there, and is ignored. Is WORKERS meant?"],
  ["FRONTENDIMAGE=a:1", ".env: FRONTENDIMAGE is not a variable that is read from there, and is ignored. Is FRONTEND_IMAGE meant?"],
  ["COMPOSE_PROJECT_NAME=a", ".env: COMPOSE_PROJECT_NAME is not a variable that is read from there, and is ignored."],
  ["WORKERS=5\nNAMESPACE=a\nWORKERS=6", ".env: WORKERS is on line 1 and on line 3: the last one counts."],
  ["WORKERS: 5\nNAMESPACE=a", ".env: line 1 is not NAME=value, and is ignored."],
  ["NAMESPACE='a\nWORKERS=5", ".env: line 1: the quote before the value of NAMESPACE is never closed."],
])("of %j it is said what counts for nothing", (content, remark) => {
  expect(read(content).remarks).toEqual([remark]);
});

test("a line that is no assignment takes no other with it", () => {
  expect(read("WORKERS: 5\nNAMESPACE=mine").values).toEqual({ NAMESPACE: "mine" });
});

test("settings of npm start may be in .env", () => {
  expect(read("PORT=9000\nPORTA_WORKERS=3\nHOLD_MS=1000").remarks).toEqual([]);
});

test.each([
  ["not text", Buffer.from([0x4e, 0x00, 0x3d, 0x00])],
  ["in another encoding", Buffer.from("NAMESPACE=m\xfcnchen", "latin1")],
])("a .env that is %s is refused with what it has to be", (_, content) => {
  expect(() => read(content)).toThrow(ConfigError);
  expect(() => read(content)).toThrow(/\.env cannot be read: it is not text in UTF-8/);
});
