// Drives the service's pages in Chromium as people do. In an empty zone: the zone sets it up and invites two firms, which post,
// agree and sign. Against a demonstration: a firm logs in, posts, sees who could be its partner, imports a table; the zone makes a
// plan, watches it, looks at why, tries other rules, publishes; an officer and a viewer go through the register; both firms accept,
// and the lender signs. At the widths of a phone and a desk, in both languages, light and dark: no console message, no failed
// request, nothing wider than the window, no fault that axe finds. With --shots FOLDER also writes what it saw.
//
//   node .ci/web.mjs [--shots FOLDER] target/release/tiaoji-server
import { appendFileSync, createWriteStream, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { accessible, demonstration, emptyZone, fault, faults, fits, launch, listen, shots } from "./browser.mjs";

const logs = "target/ci-logs";
mkdirSync(logs, { recursive: true });
for (const name of ["web.log", "web.secrets"]) rmSync(join(logs, name), { force: true });

const log = createWriteStream(join(logs, "web.log"), { flags: "a" });

/** Notes a secret, which no log may hold (`.ci/secrets`). */
const keep = (kind, secret) => appendFileSync(join(logs, "web.secrets"), `${kind} ${secret}\n`);

/** Somebody at a window of their own. */
class Person {
  static async come(browser, demo, role, language, width) {
    const person = await Person.open(browser, demo, role, language, width);
    await person.page.goto(`${demo.base}/login`);
    await person.look("login");
    await person.enter(demo.passwords[role]);
    return person;
  }

  /** Somebody who has been given a link, and chooses the role as login and a password. */
  static async invited(browser, demo, link, role, language, width) {
    const person = await Person.open(browser, demo, role, language, width);
    await person.page.goto(link);
    await person.page.waitForFunction(() => document.querySelector("[name=token]").value);
    await person.look("invitation");
    demo.passwords[role] = `${role} with a long password`;
    keep("password", demo.passwords[role]);
    await person.enter(demo.passwords[role]);
    return person;
  }

  static async open(browser, { base }, role, language, width) {
    const context = await browser.createBrowserContext();
    const person = new Person();
    Object.assign(person, { base, role, language, width, seen: 0, steps: 0, refusals: [], page: await context.newPage(), context });
    const { page } = person;
    listen(page, () => person.where(), (said) => person.refusals.some((status) => said.includes(`status of ${status}`)));
    page.on("requestfailed", (request) => {
      // a newer question, or the next page, ends what was still asked
      if (request.failure()?.errorText !== "net::ERR_ABORTED") fault(`${person.where()}: ${request.url()} ${request.failure()?.errorText}`);
    });
    page.on("request", (request) => {
      if (!request.url().startsWith(base) && !request.url().startsWith("data:")) fault(`${person.where()}: asks for ${request.url()}`);
    });
    page.on("dialog", (dialog) => dialog.accept());
    // a page that hears news tells of them, as where somebody types, and is not loaded anew while it is looked at
    await page.evaluateOnNewDocument(() => {
      document.addEventListener("DOMContentLoaded", () => document.dispatchEvent(new Event("input")));
    });
    await page.setViewport({ width, height: 900 });
    await context.setCookie({ name: "tiaoji-language", value: language, domain: "127.0.0.1", path: "/" });
    return person;
  }

  /** Logs in. */
  async enter(password) {
    await this.page.type("#login", this.role);
    await this.page.type("#password", password);
    await this.go("main button");
    for (const { name, value } of await this.context.cookies()) {
      if (name.endsWith("tiaoji")) keep("session", value);
    }
    this.steps = 0;
  }

  where() {
    return `${this.role} ${this.language} ${this.width} ${this.page.url()}`;
  }

  /** Presses what leads to another page, by the keyboard: what is said while one types moves a button from under the pointer. */
  async press(selector) {
    this.steps += 1;
    await this.page.focus(selector);
    await this.page.keyboard.press("Enter");
  }

  /** The same, and waits for that page. */
  async go(selector) {
    // a mark that goes with the page
    await this.page.evaluate(() => { window.isLeft = true; });
    await this.press(selector);
    await this.page.waitForFunction(() => !window.isLeft && document.readyState === "complete");
  }

  /** The same, where the answer is a refusal, of which the browser tells on the console. */
  async refused(status, selector) {
    this.refusals = [status];
    const [answer] = await Promise.all([this.page.waitForNavigation(), this.press(selector)]);
    this.refusals = [];
    if (answer?.status() !== status) fault(`${this.where()}: answered with ${answer?.status()}, not ${status}`);
  }

  /** What is on the page, in both themes. */
  async look(name) {
    const { page } = this;
    // what is drawn only when it comes in sight is looked at too
    await page.evaluate(() => {
      const all = new CSSStyleSheet();
      all.replaceSync("* { content-visibility: visible !important; }");
      document.adoptedStyleSheets = [all];
    });
    await fits(page, this.where());
    for (const value of ["light", "dark"]) {
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value }]);
      await accessible(page, `${this.where()} ${value}`);
      if (shots) {
        this.seen += 1;
        const file = `${this.language}-${this.width}-${this.role}-${String(this.seen).padStart(2, "0")}-${name}-${value}.png`;
        await page.screenshot({ path: join(shots, file), fullPage: true });
      }
    }
  }

  /** Expects a text. */
  async sees(selector, text) {
    const found = await this.page.$eval(selector, (element) => element.textContent).catch(() => "nothing");
    if (!found?.includes(text)) fault(`${this.where()}: ${selector} says ${found}, not ${text}`);
  }

  /** Types a date as one who knows the form of the field. */
  async date(selector, value) {
    await this.page.$eval(selector, (element, value) => {
      element.value = value;
      element.dispatchEvent(new Event("input", { bubbles: true }));
    }, value);
  }
}

/** The firm's road. */
async function firm(browser, demo, language, width) {
  const person = await Person.come(browser, demo, "firm", language, width);
  const { page } = person;
  await person.look("to-do");
  await person.go("a.door[href='/shortages/new']");
  await page.type("#skill", "bzg");
  await page.waitForSelector("#skill-choices:not([hidden]) [role=option]");
  await person.look("choosing");
  await page.keyboard.press("Enter");
  await page.type("#headcount", "12x");
  // the demonstration begins a week from now
  const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  await person.date("#from", day(40));
  await person.date("#to", day(100));
  await page.type("#day_pay_fen", "215.5");
  // the engine's word while the form is filled in
  await page.waitForFunction(() => document.querySelector("#headcount-fault")?.textContent);
  await page.waitForFunction(() => document.querySelector("[data-days]")?.textContent);
  await person.look("faulty");
  // the calendar by its keys: the week after
  await page.click(".with-calendar:has(#to) button");
  await page.waitForSelector(".with-calendar:has(#to) .calendar td[aria-selected=true]:focus");
  await person.look("calendar");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  const chosen = await page.$eval("#to", (input) => input.value);
  if (chosen !== day(107)) fault(`${person.where()}: the calendar chose ${chosen}, not ${day(107)}`);
  await page.focus("#headcount");
  await page.keyboard.press("End");
  await page.keyboard.press("Backspace");
  await page.waitForFunction(() => !document.querySelector("#headcount-fault")?.textContent);
  await person.go("main form.fields > .actions button");
  await person.sees(".partners tbody", "12");
  await person.sees(".kept-away", language === "zh" ? "上限" : "limit");
  await person.look("partners");
  for (const path of ["/surplus", "/surplus/new", "/surplus?state=withdrawn"]) {
    await page.goto(demo.base + path);
    await person.look(path.replaceAll(/\W/g, "-"));
  }
  return person;
}

/** A table of 2,000 rows with 40 faults: pasted, mended, imported, taken back, all on one page. */
async function table(person) {
  const { page } = person;
  const [rows, every] = [2000, 50];
  await page.goto(`${person.base}/surplus`);
  await person.go("main a[href='/surplus/import']");
  await person.look("import");
  const skill = await page.evaluate(async () => (await (await fetch("/v1/skills?limit=1")).json()).items[0].name);
  const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const row = (at) => [skill, at % every ? 1 + (at % 9) : `${at}x`, day(40 + (at % 20)), day(70), `row ${at}`].join("\t");
  const text = ["工种\t人数\t开始日期\t结束日期\t备注", ...Array.from({ length: rows }, (_, at) => row(at))].join("\n");
  const paste = () => page.$eval("#table", (area, text) => {
    area.value = text;
    area.dispatchEvent(new ClipboardEvent("paste", { bubbles: true }));
  }, text);
  const faults = rows / every;
  const began = Date.now();
  await paste();
  await page.waitForFunction((faults) => document.querySelectorAll(".sheet td [aria-invalid]").length === faults, {}, faults);
  console.log(`${person.language} ${person.width}: ${faults} faults of ${rows} rows marked ${Date.now() - began} ms after they were pasted`);
  await person.look("faulty-table");
  // what is typed outlives the page
  await page.type(".sheet td [aria-invalid]", "9");
  await new Promise((resolve) => { setTimeout(resolve, 500); });
  await page.reload();
  await page.waitForSelector(".sheet td [aria-invalid]");
  await page.$$eval(".sheet td [aria-invalid]", (cells) => cells.forEach((cell) => { cell.value = "3"; }));
  await page.click(".actions button");
  await page.waitForSelector("button[value=import]");
  await person.look("sound-table");
  await page.click("button[value=import]");
  await page.waitForSelector("form[action$='/undo']");
  await person.sees("[role=status][tabindex]", String(rows));
  await person.look("imported");
  await page.click("form[action$='/undo'] button");
  await page.waitForFunction(() => !document.querySelector("form[action$='/undo']"));
  await person.look("taken-back");
  // a workbook is chosen: the blank template
  await page.goto(`${person.base}/surplus/import`);
  await page.evaluate(async () => {
    const files = new DataTransfer();
    files.items.add(new File([await (await fetch("/surplus/template")).blob()], "surplus.xlsx"));
    const input = document.querySelector("#file");
    input.files = files.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  await page.waitForSelector(".sheet");
  await person.look("blank-template");
  await page.click("[data-fresh]");
}

/** The zone's road: from what is posted to a plan in force. */
async function zone(browser, demo, language, width) {
  const person = await Person.come(browser, demo, "zone", language, width);
  const { page } = person;
  await person.look("to-do");
  await person.go("nav a[href='/match']");
  await person.look("matching");
  await person.go("main form.fields button");
  // the run's page leads on by itself when the run has ended
  await page.waitForFunction(() => location.pathname.startsWith("/plans/") && document.querySelector("#calendar svg"));
  await person.look("plan");
  const sent = await page.evaluate(() => ["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind))
    .filter((entry) => !entry.name.includes("/v1/")).reduce((sum, entry) => sum + entry.encodedBodySize, 0));
  if (sent > 150_000) fault(`${person.where()}: ${sent} bytes over the wire`);
  await person.go("form[action$='/publish'] button");
  await person.sees(".notice:not([data-watch])", language === "zh" ? "已公布" : "In force");
  await person.go("#open tbody th a");
  await person.look("why");
  // marks lead to what explains them
  for (const [mark, name] of [["#calendar svg a", "bar"], ["#skills svg a", "field"]]) {
    await page.goto(`${demo.base}/plans/P-1`);
    const to = new URL(await page.$eval(mark, (link) => link.getAttribute("href")), demo.base);
    await page.goto(to.href);
    if (to.hash && !(await page.$(to.hash))) fault(`${person.where()}: there is no ${to.hash}`);
    await person.look(name);
  }
  await page.goto(`${demo.base}/`);
  await person.look("outlook");
  await page.goto(`${demo.base}/runs/R-1`);
  await person.look("run");
  await page.goto(`${demo.base}/what-if`);
  await page.$eval("#max_distance_km", (input) => {
    input.value = "12";
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
  await page.waitForSelector("[data-result] table");
  await person.look("what-if");
  return person;
}

/** The zone adds a firm, of which something is wrong first, changes it while somebody else does, and adds a substitution. */
async function directory(person) {
  const { page } = person;
  await page.goto(`${person.base}/settings/firms`);
  await page.type("#q", "chsp");
  await person.go("form[role=search] button");
  await page.goto(`${person.base}/settings/firms`);
  await person.go("main .head a.button");
  await page.type("#name", "新泉食品");
  await page.type("#alliance", "spyl");
  await page.keyboard.press("Enter");
  await page.type("#latitude", "x");
  await page.type("#longitude", "117.2");
  await person.refused(422, "main form.fields .actions button");
  await person.look("faulty-firm");
  await page.$eval("#latitude", (input) => { input.value = "37.05"; });
  await person.go("main form.fields .actions button");
  await person.sees("[role=status].notice:not([data-watch])", person.language === "zh" ? "已新增" : "Added");
  await page.$$eval("details", (all) => all.forEach((one) => { one.open = true; }));
  await person.look("firm");
  const at = new URL(page.url()).pathname;
  await page.type("#contact", "Li");
  const status = await page.evaluate(async (path) => {
    const headers = { "content-type": "application/merge-patch+json", "if-match": '"1"' };
    return (await fetch(path, { method: "PATCH", headers, body: JSON.stringify({ contact: "Wang" }) })).status;
  }, at.replace("/settings", "/v1"));
  if (status !== 200) fault(`${person.where()}: the other's change: ${status}`);
  await person.refused(412, "main form.fields .actions button");
  await person.sees(".conflict tbody", "Wang");
  await person.look("firm-changed-meanwhile");
  await page.goto(`${person.base}/settings/substitutions`);
  await person.look("substitutions");
  await person.go("main .head a.button");
  await page.type("#from", "bzg");
  await page.keyboard.press("Enter");
  await page.type("#to", "hg");
  await page.keyboard.press("Enter");
  await page.type("#training_cost_fen", "800");
  await person.look("new-substitution");
  await person.go("main form.fields .actions button");
  await person.sees("main h1", "包装工 →");
  await person.look("substitution");
}

/** What a person sets, each page once; the zone also invites somebody and adds a day of rest. */
async function settings(person) {
  const { page } = person;
  await person.go("nav a[href='/settings']");
  await person.look("settings");
  for (const at of await page.$$eval("a.door", (doors) => doors.map((door) => door.getAttribute("href")))) {
    await page.goto(person.base + at);
    await person.look(at.replaceAll("/", "-"));
  }
  if (person.role !== "zone") return;
  await directory(person);
  await page.goto(`${person.base}/settings/people`);
  await page.$$eval("details", (all) => all.forEach((one) => { one.open = true; }));
  await person.look("settings-people-open");
  await page.type("#invite-name", "Zhao");
  await page.select("#invite-role", "viewer");
  await person.go("form[action$='/invite'] button");
  await person.sees("#secret", "/invitation#");
  keep("invitation", await page.$eval("#secret", (link) => link.textContent.split("#").pop().trim()));
  await person.look("invitation-link");
  await page.goto(`${person.base}/settings/calendar`);
  const rest = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
  await person.date("#date", rest);
  await person.go("main form.fields button");
  await person.sees("main tbody", person.language === "zh" ? "休息" : "a day of rest");
  await person.look("day-of-rest");
  await page.goto(`${person.base}/shortages/new`);
  await person.date("#from", rest);
  await page.click(".with-calendar:has(#from) button");
  await person.sees(".calendar td[data-mark]", String(Number(rest.slice(8))));
  await person.look("calendar-with-a-day-of-rest");
}

/** The road of somebody who looks after firms, or looks on: what stays open, and the register; an officer writes in it. */
async function register(browser, demo, role, language, width) {
  const person = await Person.come(browser, demo, role, language, width);
  const { page } = person;
  await person.look("to-do");
  await person.go("nav a[href='/register']");
  await person.look("follow-ups");
  for (const at of await page.$$eval("main .tabs a", (tabs) => tabs.map((tab) => tab.getAttribute("href")).slice(1))) {
    await page.goto(person.base + at);
    await page.$$eval("details", (all) => all.forEach((one) => { one.open = true; }));
    await person.look(at.replaceAll("/", "-"));
  }
  await page.goto(`${person.base}/register/alliances`);
  await person.go(".kept-away a");
  await person.sees("article", language === "zh" ? "会议建议" : "Suggestions");
  await person.look("alliance");
  await page.goto(`${person.base}/register`);
  await person.go("main tbody th a");
  await person.look("follow-up");
  if (role === "officer") {
    await person.go("button[name=today][value=answered]");
    await person.look("answered");
    await page.goto(`${person.base}/register/meetings`);
    await page.click("details summary");
    await page.select("#firm", await page.$eval("#firm option:nth-child(2)", (option) => option.value));
    await page.type("#note", "<b>");
    await person.go("main form.fields button");
    await person.sees("main tbody tr", "<b>");
  }
  await person.context.close();
}

/** Both firms' road: from what is proposed to a signed agreement and its papers. */
async function agreed(browser, demo, language, width, first, second) {
  const ask = (path, body) => second.page.evaluate(async (path, body) => {
    const head = { "content-type": "application/json" };
    const answer = await fetch(path, body ? { method: "POST", headers: head, body: JSON.stringify(body) } : {});
    return answer.json();
  }, path, body);
  // the first that the firm is asked; somebody of the other firm is let in
  await first.page.goto(`${demo.base}/`);
  await first.look("asked");
  await first.go("main a[href^='/proposals/']");
  await first.look("proposal");
  const at = new URL(first.page.url()).pathname;
  const proposal = await ask(`/v1${at}`);
  const { firms: [own] } = await first.page.evaluate(async () => (await fetch("/v1/session")).json());
  const other = [proposal.lender.firm, proposal.borrower.firm].find((firm) => firm !== own);
  demo.passwords.partner = "a long password";
  keep("password", demo.passwords.partner);
  await ask("/v1/users", { login: "partner", name: "Partner", password: demo.passwords.partner, role: "firm", firms: [other] });
  const third = await Person.come(browser, demo, "partner", language, width);
  await first.go(`form[action='${at}/accept'] button`);
  await third.page.goto(demo.base + at);
  await third.go(`form[action='${at}/accept'] button`);
  await third.look("agreement");
  const paths = new URL(third.page.url()).pathname;
  const lender = proposal.lender.firm === own ? first : third;
  await lender.page.goto(demo.base + paths);
  await lender.page.type("#sign-consented", String(proposal.count));
  await lender.go(`form[action='${paths}/sign'] button`);
  await lender.look("signed");
  await lender.go("main a[href$='/read/agreement']");
  await lender.sees("article h1", "共享用工合作协议");
  await lender.look("agreement-to-read");
  const status = await lender.page.evaluate(async (path) => (await fetch(path)).status, `${paths}/papers/agreement`);
  if (status !== 200) fault(`${lender.where()}: the agreement cannot be downloaded: ${status}`);
  await changed(demo, first, second);
  return third;
}

/** Eight tabs of one browser, which has six connections for a server: all of them come, one listens for all, and all hear. */
async function tabs(person) {
  const pages = [person.page];
  const streams = new Set();
  for (let count = 1; count < 8; count += 1) pages.push(await person.context.newPage());
  for (const page of pages) {
    page.on("request", (request) => { if (request.url().endsWith("/v1/events")) streams.add(request); });
    for (const end of ["requestfinished", "requestfailed"]) page.on(end, (request) => streams.delete(request));
  }
  await Promise.all(pages.map((page) => page.goto(`${person.base}/surplus/new`)));
  await Promise.all(pages.map((page) => page.goto(`${person.base}/settings/policy`)));
  const heard = pages.map((page) => page.waitForFunction(() => !document.querySelector("[data-watch]").hidden, { polling: 200 }));
  const status = await person.page.evaluate(async () => {
    const tag = (await fetch("/v1/policy")).headers.get("etag");
    const headers = { "content-type": "application/merge-patch+json", "if-match": tag };
    return (await fetch("/v1/policy", { method: "PATCH", headers, body: JSON.stringify({ min_stay_days: 2 }) })).status;
  });
  if (status !== 200) fault(`${person.where()}: the policy: ${status}`);
  await Promise.all(heard);
  if (streams.size !== 1) fault(`${person.where()}: ${streams.size} streams for ${pages.length} tabs`);
  await Promise.all(pages.slice(1).map((page) => page.close()));
}

/** The firm declines, the zone plans and publishes anew: both see what that changes. */
async function changed(demo, first, second) {
  const status = await first.page.evaluate(async () => {
    const { items: [open] } = await (await fetch("/v1/proposals?state=open&limit=1")).json();
    const headers = { "content-type": "application/json", "if-match": `"${open.version}"` };
    const body = JSON.stringify({ reason: "dates" });
    return (await fetch(`/v1/proposals/${open.id}/decline`, { method: "POST", headers, body })).status;
  });
  if (status !== 200) fault(`${first.where()}: declining: ${status}`);
  await second.page.goto(`${demo.base}/match`);
  await second.go("main form.fields button");
  await second.page.waitForFunction(() => location.pathname.startsWith("/plans/") && document.querySelector("#calendar svg"));
  await second.page.$$eval(".against details", (all) => all.forEach((one) => { one.open = true; }));
  await second.look("plan-against-the-one-in-force");
  const left = await first.context.newPage();
  await left.goto(`${demo.base}/`);
  if (await left.$("#changes")) fault(`${first.where()}: changes before there is a plan that makes them`);
  await second.go("form[action$='/publish'] button");
  // what is open and only read is loaded anew by itself
  await left.waitForSelector("#changes");
  await left.close();
  await first.page.goto(`${demo.base}/`);
  await first.sees("#changes", first.language === "zh" ? "谢绝" : "declined");
  await first.look("changed");
}

/** From a zone in which there is nothing to an agreement that both firms have made. */
async function founded(browser, demo, language, width) {
  const chief = await Person.come(browser, demo, "chief", language, width);
  const { page } = chief;
  await chief.sees("#first-steps", language === "zh" ? "添加企业" : "Add the firms");
  await chief.look("nothing-yet");
  /** Fills in a form and sends it. */
  const send = async (person, path, values) => {
    await person.page.goto(demo.base + path);
    for (const [name, value] of Object.entries(values)) {
      await person.page.$eval(`[name="${name}"]`, (field, value) => {
        field.value = value;
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }, value);
    }
    await person.go("main form.fields .actions button, main form.fields > button");
  };
  await send(chief, "/settings/policy", {
    "unmet.urgent_fen": "600", "unmet.normal_fen": "400", "unmet.low_fen": "300",
    onboarding_fen: "150", daily_base_fen: "10", transport_per_km_fen: "6", cross_alliance_fen: "15",
  });
  await send(chief, "/settings/skills/new", { name: "包装工" });
  await chief.look("first-skill");
  const firms = { lender: "晨光食品", borrower: "北河饮品" };
  const people = {};
  for (const [role, name] of Object.entries(firms)) {
    await send(chief, "/settings/firms/new", { name, latitude: "37", longitude: role === "lender" ? "117.2" : "117.25" });
    await page.goto(`${demo.base}/settings/people`);
    await page.$$eval("details", (all) => all.forEach((one) => { one.open = true; }));
    await page.type("#invite-name", name);
    await page.select("#invite-role", "firm");
    const id = await page.$$eval("#invite-firms option", (all, name) => all.find((one) => one.textContent.includes(name)).value, name);
    await page.select("#invite-firms", id);
    await chief.go("form[action$='/invite'] button");
    const link = await page.$eval("#secret", (link) => link.textContent.trim());
    keep("invitation", link.split("#").pop());
    people[role] = await Person.invited(browser, demo, link, role, language, width);
    await people[role].look("welcome");
  }
  const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const posting = { skill: "包装工", headcount: "6", from: day(20), to: day(40) };
  await send(people.lender, "/surplus/new", { ...posting, consented: "6" });
  await send(people.borrower, "/shortages/new", { ...posting, day_pay_fen: "180" });
  await people.borrower.sees(".partners", firms.lender);
  await page.goto(`${demo.base}/match`);
  await chief.go("main form.fields button");
  await page.waitForFunction(() => location.pathname.startsWith("/plans/") && document.querySelector("#calendar svg"));
  await chief.look("first-plan");
  await chief.go("form[action$='/publish'] button");
  for (const person of Object.values(people)) {
    await person.page.goto(`${demo.base}/`);
    await person.go("main a[href^='/proposals/']");
    await person.go("form[action$='/accept'] button");
  }
  await people.lender.page.goto(people.borrower.page.url());
  await people.lender.page.type("#sign-consented", "6");
  await people.lender.go("form[action$='/sign'] button");
  await people.lender.sees("main", language === "zh" ? "已签" : "signed");
  await people.lender.look("first-agreement");
  await Promise.all([chief, ...Object.values(people)].map((person) => person.context.close()));
}

const browser = await launch();
for (const [language, width] of [["zh", 360], ["en", 1440]]) {
  const write = (line) => log.write(`${line}\n`);
  const demo = await demonstration(write, keep);
  const empty = await emptyZone(write);
  keep("password", empty.passwords.chief);
  try {
    await founded(browser, empty, language, width);
    const first = await firm(browser, demo, language, width);
    await table(first);
    await settings(first);
    const second = await zone(browser, demo, language, width);
    await settings(second);
    await tabs(second);
    for (const role of ["officer", "viewer"]) await register(browser, demo, role, language, width);
    const third = await agreed(browser, demo, language, width, first, second);
    console.log(`${language} ${width}: ${first.steps + second.steps + third.steps} clicks from page to page`);
  } catch (error) {
    fault(`${language} ${width}: ${error.stack}`);
  } finally {
    // a page that is left open would ask a server that is gone
    const theirs = browser.browserContexts().filter((one) => one !== browser.defaultBrowserContext());
    await Promise.all(theirs.map((one) => one.close().catch((error) => console.error(`${language} ${width}: ${error}`))));
    for (const { server } of [demo, empty]) server.kill();
  }
}
await browser.close();
console.log(`${faults()} faults`);
process.exitCode = faults() ? 1 : 0;
