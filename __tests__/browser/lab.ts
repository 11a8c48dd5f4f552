import type { Browser, BrowserContext, Frame, Locator, Page, Response } from "playwright-core";
import { until } from "../support";

/** What a notebook's file holds, as far as tests look at it. */
export interface NotebookFile {
  readonly cells: readonly {
    readonly cell_type: string;
    readonly execution_count?: number | null;
    readonly outputs?: readonly { readonly output_type: string; readonly ename?: string; readonly evalue?: string; readonly data?: Record<string, unknown> }[];
  }[];
}

/** Long enough for a first kernel on a busy machine, with all that it imports. */
const PATIENCE_MS = 180_000;

/** JupyterLab in a browser, used as a person uses it: by what is on the page. */
export class Lab {
  /** Addresses that the browser was told to ask, elsewhere than here. */
  readonly outside: string[] = [];
  /** Uncaught exceptions, requests without an answer, and answers of 400 and above. */
  readonly errors: string[] = [];
  private readonly saveError: Locator;

  private constructor(
    readonly page: Page,
    private readonly context: BrowserContext,
    private readonly address: string,
  ) {
    this.saveError = page.locator(".jp-Dialog", { hasText: "File Save Error" });
    page.on("pageerror", (error) => this.errors.push(error.message));
    page.on("requestfailed", (request) => {
      const reason = request.failure()?.errorText;
      if (reason !== "net::ERR_ABORTED") this.errors.push(`${reason} ${request.url()}`); // Lab itself gave it up
    });
    page.on("response", (response) => {
      if (response.status() >= 400 && !lostSave(response)) this.errors.push(`${response.status()} ${response.url()}`);
    });
    page.on("request", (request) => {
      if (!/^(data|blob|about):/.test(request.url()) && new URL(request.url()).origin !== new URL(address).origin) this.outside.push(request.url());
    });
  }

  /** Opens it and logs in with the token, in the form that whoever has no cookie gets. */
  static async open(browser: Browser, address: string, token: string): Promise<Lab> {
    const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS / 2);
    const lab = new Lab(page, context, address);
    // The one of two saves that was late may tell so when the other is read already, and stand before what is clicked next.
    await page.addLocatorHandler(lab.saveError, () => lab.closeSaveError());
    await page.goto(`${address}/lab`);
    await page.locator("#password_input").fill(token);
    await page.locator("#login_submit").click();
    await page.locator("#jp-main-dock-panel").waitFor({ timeout: PATIENCE_MS }); // megabytes of scripts, on a cluster through a port-forward
    return lab;
  }

  /** Opens a notebook of the file browser, and waits for its kernel: whoever runs cells before is asked to choose one. */
  async notebook(name: string): Promise<void> {
    await this.page.locator(".jp-DirListing-item", { hasText: name }).dblclick();
    await this.page.locator("#jp-main-statusbar").getByText("Python 3 (ipykernel) | Idle").waitFor();
  }

  /** Run > Run All Cells; waits for the end, and saves with Ctrl+S. @returns what is then in the file */
  async runAll(name: string): Promise<NotebookFile> {
    await this.menu("Run", "Run All Cells");
    const prompts = this.page.locator(".jp-Notebook .jp-CodeCell .jp-InputPrompt");
    const failed = this.page.locator('.jp-Notebook [data-mime-type="application/vnd.jupyter.error"]');
    await until(async () => (await this.calm()) && (await prompts.allTextContents()).every((text) => /\[\d+\]/.test(text)) || (await failed.count()) > 0, {
      what: `${name} runs to its end`,
      timeout: PATIENCE_MS,
    });
    await this.page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').waitFor();
    await this.page.keyboard.press("Control+S");
    return until(async () => {
      await this.saveAgain();
      await this.calm();
      const answer = await this.context.request.get(`${this.address}/api/contents/${name}?content=1`);
      const { content } = (await answer.json()) as { content: NotebookFile };
      return content.cells.some(({ outputs = [] }) => outputs.length > 0) ? content : undefined;
    }, { what: `${name} is saved` });
  }

  /** Opens the Dask tab of the sidebar. @returns the address that it has, once it finds a scheduler there */
  async dask(): Promise<string> {
    await this.page.locator('.lm-TabBar-tab[title="Dask"]').click();
    await this.page.locator(".dask-DashboardListing-item button:enabled").first().waitFor();
    return this.page.locator(".dask-URLInput input").inputValue();
  }

  /** Opens one of the dashboard's panes, by its name in the sidebar. @returns its frame, once something is drawn in it */
  async pane(name: string): Promise<Frame> {
    const route = `individual-${name.toLowerCase().replaceAll(" ", "-")}`;
    await this.page.locator(".dask-DashboardListing-item").getByRole("button", { name, exact: true }).click();
    const frame = await until(() => this.page.frames().find((one) => one.url().endsWith(route)), { what: `the pane ${name}` });
    await frame.locator("canvas").first().waitFor();
    return frame;
  }

  close(): Promise<void> {
    return this.context.close();
  }

  /**
   * JupyterLab saves by itself too, and of two saves at once one takes the other's intermediate file away: "No such file". A person
   * closes that dialog and saves again.
   */
  private async saveAgain(): Promise<void> {
    if (!(await this.saveError.isVisible())) return;
    await this.closeSaveError();
    await this.page.keyboard.press("Control+S");
  }

  private closeSaveError(): Promise<void> {
    return this.saveError.getByRole("button", { name: "Close" }).click();
  }

  /** @throws Error with what JupyterLab says in a dialog, where there is one: nothing else can be done then */
  private async calm(): Promise<true> {
    const dialog = this.page.locator(".jp-Dialog");
    if (await dialog.isVisible()) throw new Error(`JupyterLab asks: ${await dialog.innerText()}`);
    return true;
  }

  private async menu(title: string, entry: string): Promise<void> {
    await this.page.getByRole("menuitem", { name: title, exact: true }).click();
    await this.page.getByRole("menuitem", { name: entry, exact: true }).click();
  }
}

/** Is this how the server tells of two saves at once to the one that lost? What counts is the file, and that is read. */
const lostSave = (response: Response): boolean =>
  response.status() === 500 && response.request().method() === "PUT" && new URL(response.url()).pathname.startsWith("/api/contents/");
