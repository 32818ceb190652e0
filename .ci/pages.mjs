// Opens report pages in Chromium, at the widths of a desk and of a phone, light and dark: no console message, no request
// over the network, no fault that axe finds. With --shots FOLDER also writes what it saw, and the pages as PDF.
//
//   apt-get install chromium fonts-noto-cjk
//   npm install --prefix target/ci-pages axe-core@4 puppeteer-core@24
//   node .ci/pages.mjs [--shots FOLDER] plan-en.html plan-zh.html
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const modules = createRequire(resolve("target/ci-pages/package.json"));
const { default: puppeteer } = await import(pathToFileURL(modules.resolve("puppeteer-core")));
const axe = readFileSync(modules.resolve("axe-core/axe.min.js"), "utf8");
const browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executablePath = process.env.CHROMIUM ?? browsers.find(existsSync);

const args = process.argv.slice(2);
const at = args.indexOf("--shots");
const shots = at < 0 ? undefined : args.splice(at, 2)[1];
if (shots) mkdirSync(shots, { recursive: true });

let faults = 0;
const fault = (text) => { faults += 1; console.error(text); };
const browser = await puppeteer.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
for (const file of args) {
  const url = pathToFileURL(resolve(file)).href;
  const name = basename(file, ".html");
  for (const scheme of ["light", "dark"]) {
    for (const width of [1440, 390]) {
      const where = `${name} ${scheme} ${width}`;
      const page = await browser.newPage();
      page.on("console", (message) => fault(`${where}: console: ${message.text()}`));
      page.on("pageerror", (error) => fault(`${where}: ${error}`));
      page.on("request", (request) => {
        if (!/^(file|data):/.test(request.url())) fault(`${where}: asks for ${request.url()}`);
      });
      await page.setViewport({ width, height: 900 });
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      await page.goto(url);
      if (await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)) {
        fault(`${where}: the page is wider than the window`);
      }
      if (shots) await page.screenshot({ path: join(shots, `${name}-${scheme}-${width}.png`), fullPage: true });
      await page.evaluate(() => document.querySelectorAll("details").forEach((fold) => { fold.open = true; }));
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => axe.run());
      for (const { id, help, nodes } of violations) {
        fault(`${where}: ${id}: ${help} (${nodes.length}): ${nodes[0].html.slice(0, 200)}`);
      }
      await page.close();
    }
  }
  if (shots) {
    const page = await browser.newPage();
    await page.goto(url);
    await page.pdf({ path: join(shots, `${name}.pdf`), preferCSSPageSize: true, printBackground: true, timeout: 120_000 });
    await page.close();
  }
}
await browser.close();
console.log(`${args.length} pages, ${faults} faults`);
process.exitCode = faults || !args.length ? 1 : 0;
