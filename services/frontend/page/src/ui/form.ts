/** The form: two fields, checked before anything is sent. */
import { checkSeed, checkSteps, type Run } from "../model/input";
import type { Limits } from "../model/address";
import { count } from "../model/format";
import { element } from "./elements";

export class Form {
  readonly #steps = element<HTMLInputElement>("steps");
  readonly #seed = element<HTMLInputElement>("seed");
  readonly #error = element("ask-error");

  constructor(
    readonly limits: Limits,
    asked: (run: Run) => void,
  ) {
    element("most-steps").textContent = count(limits.maxSteps);
    element<HTMLFormElement>("ask").addEventListener("submit", (event) => {
      event.preventDefault();
      const run = this.#read();
      if (!run) return;
      // On a phone the keyboard on the screen would cover the picture.
      if (matchMedia("(pointer: coarse)").matches) (document.activeElement as HTMLElement | null)?.blur();
      asked(run);
    });
    for (const input of [this.#steps, this.#seed]) {
      input.addEventListener("input", () => {
        if (input.getAttribute("aria-invalid") === "true") this.#complain(null, "");
      });
    }
  }

  /** Shows what the address asks for. */
  fill(steps: string, seed: string): void {
    this.#steps.value = steps;
    this.#seed.value = seed;
    this.#complain(null, "");
  }

  /** Shows that the address asks for something that is not to be had. */
  refuse(message: string): void {
    this.#complain(this.#steps, message);
  }

  focus(): void {
    this.#steps.focus();
  }

  #read(): Run | null {
    const steps = checkSteps(this.#steps.value, this.limits.maxSteps);
    if (!steps.ok) return this.#complain(this.#steps, steps.message);
    const seed = checkSeed(this.#seed.value, this.limits.maxSeed);
    if (!seed.ok) return this.#complain(this.#seed, seed.message);
    this.#complain(null, "");
    return { steps: steps.value, seed: seed.value };
  }

  #complain(about: HTMLInputElement | null, message: string): null {
    for (const input of [this.#steps, this.#seed]) {
      if (input === about) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
    this.#error.textContent = message;
    this.#error.hidden = message === "";
    about?.focus();
    return null;
  }
}
