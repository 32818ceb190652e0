// What the checks in Chromium share: the browser, arguments, faults, and what holds on every page.
//
//   apt-get install chromium fonts-noto-cjk
//   npm install --prefix target/ci-pages axe-core@4 puppeteer-core@24
import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const modules = createRequire(resolve("target/ci-pages/package.json"));
const { default: puppeteer } = await import(pathToFileURL(modules.resolve("puppeteer-core")));
const axe = readFileSync(modules.resolve("axe-core/axe.min.js"), "utf8");
const browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executablePath = process.env.CHROMIUM ?? browsers.find(existsSync);

/** The arguments, and the folder of --shots, which is made. */
export const args = process.argv.slice(2);
const at = args.indexOf("--shots");
export const shots = at < 0 ? undefined : args.splice(at, 2)[1];
if (shots) mkdirSync(shots, { recursive: true });

let count = 0;
export const fault = (text) => { count += 1; console.error(text); };
export const faults = () => count;

export const launch = () => puppeteer.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });

/** Tells what a page says on its console, but for what is expected; `where()` is how it is named then. */
export function listen(page, where, isExpected = () => false) {
  page.on("console", (message) => {
    if (!isExpected(message.text())) fault(`${where()}: console: ${message.text()}`);
  });
  page.on("pageerror", (error) => fault(`${where()}: ${error}`));
}

/** A page is no wider than the window. */
export async function fits(page, where) {
  if (await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)) {
    fault(`${where}: the page is wider than the window`);
  }
}

/** What axe finds. */
export async function accessible(page, where) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run());
  for (const { id, help, nodes } of violations) {
    fault(`${where}: ${id}: ${help} (${nodes.length}): ${nodes[0].html.slice(0, 200)}`);
  }
}

/** Begins the program that is the first argument. What it warns of is shown; `log` gets every line of its log, if there is one.
 * Ends when it has printed a line that `reads` takes for the last. */
async function begin(options, log, reads, more = {}) {
  const server = spawn(args[0], [...options, "--listen", "127.0.0.1:0"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...more, RUST_LOG: log ? "debug" : "warn" },
  });
  createInterface({ input: server.stderr }).on("line", (line) => {
    log?.(line);
    if (/"level":"(WARN|ERROR)"/.test(line)) console.error(line);
  });
  const found = { server, base: "", passwords: {} };
  for await (const line of createInterface({ input: server.stdout })) {
    const address = line.match(/listens on (\S+)/);
    if (address) found.base = address[1];
    if (reads(line, found)) return found;
  }
  throw new Error("the service has not begun");
}

/** A demonstration: its address and the passwords of its logins, and `keep` gets every secret that it tells. */
export const demonstration = (log, keep = () => {}) => begin(["--demo"], log, (line, found) => {
  const login = line.match(/login (\S+)\s+password (\S+)/);
  const secret = line.match(/ (password|key) +(\S+)$/);
  if (secret) keep(secret[1], secret[2]);
  if (login) found.passwords[login[1]] = login[2];
  return login?.[1] === "viewer";
});

/** A new database with nobody in it but `chief` of the zone. */
export async function emptyZone(log) {
  const password = randomBytes(9).toString("base64url");
  const database = { TIAOJI_DATABASE: `sqlite:${join(mkdtempSync(join(tmpdir(), "tiaoji-")), "zone.db")}` };
  const made = spawnSync(args[0], ["user", "--role", "zone", "--login", "chief"], {
    input: `${password}\n`, env: { ...process.env, ...database },
  });
  if (made.status !== 0) throw new Error(`no user: ${made.stderr}`);
  const found = await begin(["serve"], log, (line) => line.includes("listens on"), database);
  return { ...found, passwords: { chief: password } };
}
