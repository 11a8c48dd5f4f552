import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { launchBrowser } from "../support";
import { ask } from "./support/http";
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

test("/docs has our name, version, icon and logo, and the logo leads home", async () => {
  const { version } = JSON.parse(readFileSync(join(__dirname, "../../services/frontend/package.json"), "utf8")) as { version: string };
  const page = await browser.newPage();
  await page.goto(`${service.url}/docs`);
  await page.locator(".info .version").first().waitFor({ timeout: 45_000 });
  expect(await page.title()).toBe("Porta: API");
  expect((await page.locator(".info .version").first().innerText()).trim()).toBe(version);
  const icons = page.locator("link[rel~=icon]");
  expect(await icons.count()).toBe(1);
  const icon = await icons.getAttribute("href");
  expect((await ask(service.url + icon)).text).toMatch(/^<svg[^]*<ellipse/);
  const logo = page.locator(".topbar a.link");
  const source = await logo.locator("img").getAttribute("src");
  expect(Buffer.from((source as string).split(",")[1] as string, "base64").toString()).toContain("<title>Porta</title>");
  expect(await page.locator(".topbar").innerText()).not.toMatch(/swagger/i);
  await logo.click();
  await page.waitForURL(`${service.url}/`);
  await page.close();
});

test.each(["/docs?utm_source=newsletter", "/docs/?_=1"])("%s shows the description, at an address without the foreign names", async (path) => {
  const page = await browser.newPage();
  await page.goto(service.url + path);
  await page.locator(".info .title").waitFor({ timeout: 45_000 });
  expect(page.url()).toBe(service.url + path.split("?")[0]);
  await page.close();
});
