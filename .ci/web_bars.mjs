// Measures the pages in Chromium against what they are to keep to: the first view on a slow processor and a slow network, a plan
// of 500 firms drawn and scrolled, and how soon people at three browsers see what the others have done. Times are told, not
// judged, for a machine may be busy; what is not a time is: bytes over the wire, conflicts shown, one stream for many tabs.
//
//   tiaoji generate target/district --firms 500 --surplus 1500 --shortage 1500 --days 90 --seed 1
//   node .ci/web_bars.mjs [--shots FOLDER] target/release/tiaoji-server target/district
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { args, demonstration, fault, faults, launch, listen, shots } from "./browser.mjs";

/** 3G as WebPageTest and Lighthouse have it, and a processor four times slower. */
const SLOW = { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 };
const CPU = 4;

/** Says a figure beside its bar. */
function tell(what, value, most, unit) {
  console.log(`${value > most ? "OVER" : "ok  "} ${what}: ${Math.round(value)} ${unit} (at most ${most})`);
}

async function window_of(browser, demo, role, width = 1440) {
  const context = await browser.createBrowserContext();
  await context.setCookie({ name: "tiaoji-language", value: "zh", domain: "127.0.0.1", path: "/" });
  const page = await context.newPage();
  listen(page, () => `${role} ${page.url()}`, (said) => said.includes("status of 412"));
  page.on("dialog", (dialog) => dialog.accept());
  await page.setViewport({ width, height: 900 });
  if (role) {
    await page.goto(`${demo.base}/login`);
    await page.type("#login", role);
    await page.type("#password", demo.passwords[role]);
    await Promise.all([page.waitForNavigation(), page.click("main button")]);
    // a page that does not load itself again
    await page.goto(`${demo.base}/settings`);
  }
  return { context, page };
}

const ask = (page, path, body, method, headers) => page.evaluate(async (path, body, method, more) => {
  const headers = { "content-type": "application/json", ...more };
  const answer = await fetch(path, body ? { method: method ?? "POST", headers, body: JSON.stringify(body) } : { method: method ?? "GET", headers: more });
  return { status: answer.status, at: answer.headers.get("location"), body: await answer.json().catch(() => undefined) };
}, path, body, method, headers ?? {});

/** A page with nothing kept from before, slowed: when it can be used, and what came over the wire. */
async function first_view(browser, demo, role, path) {
  const { context, page } = await window_of(browser, demo, role, 360);
  const client = await page.createCDPSession();
  await client.send("Network.enable");
  await client.send("Network.clearBrowserCache");
  let bytes = 0;
  client.on("Network.loadingFinished", (event) => { bytes += event.encodedDataLength; });
  await page.goto("about:blank");
  bytes = 0;
  await client.send("Network.emulateNetworkConditions", SLOW);
  await client.send("Emulation.setCPUThrottlingRate", { rate: CPU });
  await page.goto(demo.base + path, { waitUntil: "load" });
  const times = await page.evaluate(async () => {
    const painted = () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
    while (!painted()) await new Promise(requestAnimationFrame);
    const [view] = performance.getEntriesByType("navigation");
    return { painted: painted(), ready: view.domContentLoadedEventEnd, answered: view.responseStart };
  });
  const name = `${role || "nobody"} ${path}`;
  tell(`first view of ${name} (answer after ${Math.round(times.answered)} ms)`, Math.max(times.painted, times.ready), 1500, "ms");
  tell(`bytes of ${name}`, bytes / 1000, 150, "kB");
  if (bytes > 150_000) fault(`${name}: ${bytes} bytes over the wire`);
  await context.close();
}

/** A plan of the zone's data. */
async function plan(page, query) {
  const run = await ask(page, `/v1/runs?source=zone&${query}`, undefined, "POST");
  if (run.status !== 202) throw new Error(`a run: ${JSON.stringify(run)}`);
  for (;;) {
    const { body: state } = await ask(page, run.at);
    if (state.ended) return state.plan_id;
    await new Promise((resolve) => { setTimeout(resolve, 200); });
  }
}

/** A table of the district: its head and rows, cell by cell. */
function table(name) {
  const [head, ...rows] = readFileSync(join(args[1], `${name}.csv`), "utf8").replace("\ufeff", "").trim().split(/\r?\n/).map((line) => line.split(","));
  return { head, rows };
}

/** Puts the district beside the zone there is: its ids with an X before them, its days by whole weeks later. */
async function settle(page) {
  const [surplus, shortages] = [table("surplus"), table("shortage")];
  const at = surplus.head.indexOf("from");
  const first = Date.parse([...surplus.rows, ...shortages.rows].map((row) => row[at]).sort()[0]);
  const week = 7 * 86_400_000;
  const later = Math.ceil((Date.now() + week - first) / week) * week;
  const moved = (text) => text.replace(/\d{4}-\d\d-\d\d/g, (date) => new Date(Date.parse(date) + later).toISOString().slice(0, 10));
  const object = (head, row) => Object.fromEntries(head.map((name, cell) => [name, row[cell]]).filter(([, text]) => text));
  for (const [name, path] of [["firms", "/v1/firms"], ["skills", "/v1/skills"]]) {
    const { head, rows } = table(name);
    for (const row of rows) {
      const { id, latitude, longitude, staff, aliases, ...rest } = object(head, row);
      const numbers = latitude ? { latitude: Number(latitude), longitude: Number(longitude), staff: Number(staff) } : {};
      const made = await ask(page, path, { id: `X${id}`, ...numbers, ...rest });
      if (made.status !== 201) throw new Error(`${path} ${id}: ${JSON.stringify(made)}`);
    }
  }
  for (const [{ head, rows }, path] of [[surplus, "/v1/surplus:import"], [shortages, "/v1/shortages:import"]]) {
    const cell = (name, text) => (name === "id" ? "" : ["firm", "skill"].includes(name) ? `X${text}` : moved(text));
    const text = [head, ...rows.map((row) => row.map((text, cell_at) => cell(head[cell_at], text)))].map((row) => row.join(",")).join("\n");
    const answer = await page.evaluate(async (path, body) => {
      const answer = await fetch(path, { method: "POST", headers: { "content-type": "text/csv" }, body });
      return [answer.status, (await answer.text()).slice(0, 500)];
    }, path, text);
    if (answer[0] !== 200 && answer[0] !== 201) throw new Error(`${path}: ${answer}`);
  }
}

/** The calendar and the heat maps of a large plan: drawn, and scrolled past. */
async function large(browser, demo) {
  const { context, page } = await window_of(browser, demo, "zone");
  await settle(page);
  const id = await plan(page, "time_limit=30s&gap=0.01");
  const began = Date.now();
  await page.goto(`${demo.base}/plans/${id}`);
  const [elements, bytes] = await page.evaluate(() => [document.querySelectorAll("*").length, performance.getEntriesByType("navigation")[0].encodedBodySize]);
  console.log(`     the large plan: shown after ${Date.now() - began} ms, ${elements} elements, ${Math.round(bytes / 1000)} kB`);
  for (const section of ["#calendar", "#skills"]) {
    // taken out of the page and put in again: what it takes to lay out and to paint it
    const drawn = await page.evaluate(async (selector) => {
      const section = document.querySelector(selector);
      section.scrollIntoView();
      const frames = () => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); });
      section.hidden = true;
      await frames();
      const began = performance.now();
      section.hidden = false;
      section.scrollIntoView();
      await frames();
      return performance.now() - began;
    }, section);
    tell(`${section} of 500 firms drawn`, drawn, 300, "ms");
    // frames while the section goes by, a tenth of a window each
    const frames = await page.evaluate(async (selector) => {
      const { top, bottom } = document.querySelector(selector).getBoundingClientRect();
      const [from, to] = [scrollY + top - innerHeight, scrollY + bottom];
      const began = performance.now();
      let count = 0;
      for (let at = from; at < to && count < 300; at += innerHeight / 10, count += 1) {
        scrollTo(0, at);
        await new Promise(requestAnimationFrame);
      }
      return (count * 1000) / (performance.now() - began);
    }, section);
    console.log(`${frames < 50 ? "OVER" : "ok  "} ${section} of 500 firms scrolled: ${Math.round(frames)} frames a second (at least 50)`);
  }
  if (shots) await page.screenshot({ path: join(shots, "district.png"), fullPage: true });
  await context.close();
}

/** Two firms and the zone at once: each sees what the others do, and a conflict is shown. */
async function three(browser, demo) {
  const zone = await window_of(browser, demo, "zone");
  const first = await window_of(browser, demo, "firm");
  const { body: { firms: [own] } } = await ask(first.page, "/v1/session");
  const { body: { items } } = await ask(first.page, "/v1/proposals?state=open&limit=50");
  const [one, two] = items;
  const other = [one.lender.firm, one.borrower.firm].find((firm) => firm !== own);
  demo.passwords.partner = "a long password";
  await ask(zone.page, "/v1/users", { login: "partner", name: "Partner", password: demo.passwords.partner, role: "firm", firms: [other] });
  const second = await window_of(browser, demo, "partner");
  const at = `/proposals/${one.id}`;
  await Promise.all([first, second, zone].map(({ page }) => page.goto(demo.base + at)));
  /** Somebody acts; how long until the others' pages say so. */
  const seen = async (who, act, others, text) => {
    const watch = others.map(({ page }) => page.waitForFunction((text) => document.body.innerText.includes(text), {}, text));
    const began = Date.now();
    await act();
    await Promise.all(watch);
    tell(`${who} seen by the others`, Date.now() - began, 2000, "ms");
  };
  await seen("an acceptance", () => first.page.click(`form[action='${at}/accept'] button`), [second, zone], "（已接受）");
  await seen("the agreement", () => second.page.click(`form[action='${at}/accept'] button`), [first, zone], "已达成");
  await first.page.goto(`${demo.base}/settings`);
  await zone.page.goto(`${demo.base}/proposals/${two.id}`);
  const decline = () => ask(first.page, `/v1/proposals/${two.id}/decline`, { reason: "dates" }, "POST", { "if-match": `"${two.version}"` });
  await seen("a decline", decline, [zone], "已谢绝");
  // a page that is left open while somebody else changes what it shows: said, nothing lost, nothing overwritten
  const { body: { items: [posting] } } = await ask(first.page, `/v1/shortages?firm=${own}&state=open&limit=1`);
  await first.page.goto(`${demo.base}/shortages/${posting.id}/edit`);
  await first.page.$eval("#remark", (input) => { input.closest("details").open = true; });
  await first.page.type("#remark", "mine");
  const began = Date.now();
  const changed = await ask(zone.page, `/v1/shortages/${posting.id}`, { remark: "theirs" }, "PATCH", { "if-match": `"${posting.version}"`, "content-type": "application/merge-patch+json" });
  if (changed.status !== 200) fault(`the zone's change: ${JSON.stringify(changed)}`);
  await first.page.waitForFunction(() => !document.querySelector("[data-watch]").hidden);
  tell("a change of what is being edited said", Date.now() - began, 2000, "ms");
  await Promise.all([first.page.waitForNavigation(), first.page.click("main form.fields > .actions button")]);
  const conflict = await first.page.$eval(".conflict", (box) => box.textContent).catch(() => "");
  if (!conflict.includes("theirs") || !conflict.includes("mine")) fault(`the conflict is not shown: ${conflict}`);
  const { body: now } = await ask(zone.page, `/v1/shortages/${posting.id}`);
  if (now.remark !== "theirs") fault(`overwritten: ${now.remark}`);
  for (const { context } of [zone, first, second]) await context.close();
}

const browser = await launch();
const demo = await demonstration();
try {
  const { context, page } = await window_of(browser, demo, "zone");
  const id = await plan(page, "time_limit=15s");
  await ask(page, `/v1/plans/${id}/publish`, undefined, "POST");
  await context.close();
  for (const [role, path] of [["", "/login"], ["firm", "/"], ["zone", "/"], ["zone", `/plans/${id}`]]) await first_view(browser, demo, role, path);
  await three(browser, demo);
  await large(browser, demo);
} catch (error) {
  fault(String(error.stack));
} finally {
  demo.server.kill();
}
await browser.close();
console.log(`${faults()} faults`);
process.exitCode = faults() ? 1 : 0;
