/** The form: three fields, checked before anything is sent. */
import { count } from "../model/format";
import { type Asked, check, checkSteps, type Limits, mostRuns, type Question } from "../model/input";
import { element } from "./elements";

export class Form {
  readonly #fields: Readonly<Record<keyof Asked, HTMLInputElement>> = {
    steps: element<HTMLInputElement>("steps"),
    runs: element<HTMLInputElement>("runs"),
    seed: element<HTMLInputElement>("seed"),
  };
  readonly #error = element("ask-error");

  constructor(
    readonly limits: Limits,
    asked: (question: Question) => void,
  ) {
    element("most-steps").textContent = count(limits.maxSteps);
    this.#hint();
    element<HTMLFormElement>("ask").addEventListener("submit", (event) => {
      event.preventDefault();
      const question = this.#read();
      if (!question) return;
      // On a phone the keyboard on the screen would cover the picture.
      if (matchMedia("(pointer: coarse)").matches) (document.activeElement as HTMLElement | null)?.blur();
      asked(question);
    });
    for (const input of Object.values(this.#fields)) {
      input.addEventListener("input", () => {
        this.#hint();
        if (input.getAttribute("aria-invalid") === "true") this.#complain(null, "");
      });
    }
  }

  /** Shows what the address asks for. */
  fill(asked: Asked): void {
    for (const [name, input] of Object.entries(this.#fields)) input.value = asked[name as keyof Asked];
    this.#hint();
    this.#complain(null, "");
  }

  /** Shows that the address asks for something that is not to be had. */
  refuse(about: keyof Asked, message: string): void {
    this.#complain(this.#fields[about], message);
  }

  #read(): Question | null {
    const { steps, runs, seed } = this.#fields;
    // Who types one run wants that run, with every step of it, rather than the bands of an ensemble of one.
    const many = /^\s*0*1\s*$/.test(runs.value) ? "" : runs.value;
    const answered = check({ steps: steps.value, runs: many, seed: seed.value }, this.limits);
    if (answered.ok) {
      this.#complain(null, "");
      return answered.question;
    }
    this.#complain(this.#fields[answered.about], answered.message);
    return null;
  }

  /** The more steps, the fewer runs. */
  #hint(): void {
    const steps = checkSteps(this.#fields.steps.value, this.limits.maxSteps);
    element("most-runs").textContent = count(Math.max(1, mostRuns(steps.ok ? steps.value : 1, this.limits)));
  }

  #complain(about: HTMLInputElement | null, message: string): void {
    for (const input of Object.values(this.#fields)) {
      if (input === about) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
    this.#error.textContent = message;
    this.#error.hidden = message === "";
    about?.focus();
  }
}
