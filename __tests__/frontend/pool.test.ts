import { damage } from "./pool/damage";
import { ensembles } from "./pool/ensembles";
import { flights } from "./pool/flights";
import { shutdowns } from "./pool/shutdowns";
import { slow } from "./pool/slow";
import { Stage } from "./pool/stage";

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.set();
}, 300_000);

afterAll(() => stage?.strike());

describe("flights", () => flights(() => stage));
describe("ensembles", () => ensembles(() => stage));
describe("damage", () => damage(() => stage));
describe("slowness", () => slow(() => stage));
describe("shutdown", () => shutdowns(() => stage));
