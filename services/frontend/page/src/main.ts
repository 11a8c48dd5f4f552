/** The page starts here. */
import "./style.css";

import contract from "../../../propagation/src/porta/contract.json";
import { Page } from "./page";

// A server with another MAX_STEPS writes its own into the page.
const served = Number(document.querySelector<HTMLMetaElement>('meta[name="max-steps"]')?.content);

new Page({ maxSteps: served > 0 ? served : contract.maxSteps, maxSeed: contract.maxSeed });
