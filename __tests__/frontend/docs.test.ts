import type { Browser } from "playwright-core";
import { launchBrowser } from "../support";
import { startService, type Service } from "./support/service";

let service: Service;
let browser: Browser;

beforeAll(async () => {
  service = await startService();
  browser = await launchBrowser();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await service?.close();
});

test("/docs shows every group of routes under the service's own content security policy, over plain http", async () => {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  const answer = await page.goto(`${service.url}/docs`);
  expect(answer?.headers()["content-security-policy"]).toMatch(/^default-src 'self';/);
  await page.locator(".opblock", { hasText: "/propagation/{steps}/data.json" }).first().waitFor({ timeout: 45_000 });
  expect(await page.locator(".opblock-tag").allTextContents()).toEqual(
    expect.arrayContaining([expect.stringContaining("propagation"), expect.stringContaining("ensemble"), expect.stringContaining("pages"), expect.stringContaining("service")]),
  );
  expect(complaints).toEqual([]);
});
