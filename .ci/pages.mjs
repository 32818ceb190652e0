// Opens report pages in Chromium, at the widths of a desk and of a phone, light and dark: no console message, no request
// over the network, no fault that axe finds. With --shots FOLDER also writes what it saw, and the pages as PDF.
//
//   node .ci/pages.mjs [--shots FOLDER] plan-en.html plan-zh.html
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { accessible, args, fault, faults, fits, launch, listen, shots } from "./browser.mjs";

const browser = await launch();
for (const file of args) {
  const url = pathToFileURL(resolve(file)).href;
  const name = basename(file, ".html");
  for (const scheme of ["light", "dark"]) {
    for (const width of [1440, 390]) {
      const where = `${name} ${scheme} ${width}`;
      const page = await browser.newPage();
      listen(page, () => where);
      page.on("request", (request) => {
        if (!/^(file|data):/.test(request.url())) fault(`${where}: asks for ${request.url()}`);
      });
      await page.setViewport({ width, height: 900 });
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      await page.goto(url);
      await fits(page, where);
      if (shots) await page.screenshot({ path: join(shots, `${name}-${scheme}-${width}.png`), fullPage: true });
      await page.evaluate(() => document.querySelectorAll("details").forEach((fold) => { fold.open = true; }));
      await accessible(page, where);
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
console.log(`${args.length} pages, ${faults()} faults`);
process.exitCode = faults() || !args.length ? 1 : 0;
