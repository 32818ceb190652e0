// A run that closes in, rules that are tried out as they are moved, pages that tell of what others have done.
// @ts-check
"use strict";

/** @param {HTMLElement} box */
function follow(box) {
  const locale = box.dataset.locale;
  const yuan = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  /** @type {{ seconds: number, objective: number, bound: number }[]} */
  const seen = [];
  const state = document.querySelector("[data-state]");
  /** @param {string} name @param {string} text */
  const put = (name, text) => {
    const place = box.querySelector(`[data-figure=${name}]`);
    if (place) place.textContent = text;
  };
  /** @param {number} fen */
  const money = (fen) => (locale === "en" ? `¥${yuan.format(fen / 100)}` : `${yuan.format(fen / 100)} 元`);
  const source = new EventSource(box.dataset.run ?? "");
  source.addEventListener("progress", (event) => {
    const { objective_fen, bound_fen, gap, seconds } = JSON.parse(event.data);
    put("objective", money(objective_fen));
    put("bound", money(bound_fen));
    put("gap", `${(gap * 100).toFixed(3)} %`);
    put("seconds", seconds.toFixed(1));
    if (state) state.textContent = box.dataset.running ?? "";
    seen.push({ seconds, objective: objective_fen, bound: bound_fen });
    draw(/** @type {HTMLElement} */ (box.querySelector("[data-chart]")), seen);
  });
  source.addEventListener("end", () => {
    source.close();
    location.replace(box.dataset.after ?? "/");
  });
  addEventListener("pagehide", () => source.close());
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED && state) state.textContent = box.dataset.lost ?? "";
  });
}

/** Two lines over time, from the lowest bound to the highest cost seen. @param {HTMLElement} place @param {{ seconds: number, objective: number, bound: number }[]} seen */
function draw(place, seen) {
  const [wide, tall] = [920, 220];
  const end = Math.max(...seen.map((p) => p.seconds), 0.1);
  const low = Math.min(...seen.map((p) => p.bound));
  const high = Math.max(...seen.map((p) => p.objective), low + 1);
  /** @param {"objective" | "bound"} name */
  const path = (name) => seen.map((p, at) =>
    `${at ? "L" : "M"}${((p.seconds / end) * wide).toFixed(1)} ${(tall - 8 - ((p[name] - low) / (high - low)) * (tall - 16)).toFixed(1)}`).join(" ");
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", `0 0 ${wide} ${tall}`);
  svg.setAttribute("class", "picture");
  for (const [name, tone] of /** @type {["objective" | "bound", string][]} */ ([["objective", "b"], ["bound", "a"]])) {
    const line = document.createElementNS(space, "path");
    line.setAttribute("d", path(name));
    line.setAttribute("class", `line tone-${tone}`);
    svg.append(line);
  }
  place.replaceChildren(svg);
}
document.querySelectorAll("[data-run]").forEach((box) => follow(/** @type {HTMLElement} */ (box)));

/** Sends a form as it is moved, and puts what comes back beside it. @param {HTMLFormElement} form */
function live(form) {
  /** @type {AbortController | undefined} */
  let asking;
  /** @type {number | undefined} */
  let timer;
  form.querySelectorAll("output").forEach((output) => {
    const input = /** @type {HTMLInputElement} */ (document.getElementById(output.htmlFor.value));
    input.addEventListener("input", () => { output.value = input.value; });
  });
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      asking?.abort();
      asking = new AbortController();
      const body = new URLSearchParams();
      new FormData(form).forEach((value, name) => body.append(name, String(value)));
      const place = document.querySelector("[data-result]");
      place?.setAttribute("aria-busy", "true");
      try {
        const answer = await fetch(form.action, { method: "POST", body, signal: asking.signal });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const result = page.querySelector("[data-result]");
        if (result) place?.replaceChildren(...result.childNodes);
        place?.setAttribute("aria-busy", "false");
      } catch { /* a newer question, or offline: the button still works */ }
    }, 300);
  });
}
document.querySelectorAll("form[data-live]").forEach((form) => live(/** @type {HTMLFormElement} */ (form)));

/** The last change that this tab has heard of, at first the last before its page was made. */
let last = document.body.dataset.since ?? "";
const shared = `tiaoji-changes:${document.body.dataset.user ?? ""}`;
const tabs = new BroadcastChannel(shared);
/** @typedef {{ last: string, change?: { kind: string, id: string } }} News */
/** What this tab has told the others: one that comes in between asks for what it has missed. @type {News[]} */
const told = [];
/** @param {News} news */
function hear(news) {
  if (last && Number(news.last) <= Number(last)) return;
  last = news.last;
  if (news.change) document.dispatchEvent(new CustomEvent("zone-changed", { detail: news.change }));
}
tabs.addEventListener("message", ({ data }) => {
  if (data.since === undefined) hear(data);
  else told.filter((news) => Number(news.last) > Number(data.since)).forEach((news) => tabs.postMessage(news));
});

/** One event of the stream, told to this tab and the others. @param {string} event */
function read(event) {
  const id = event.match(/^id: ?(.*)$/m);
  const data = event.match(/^data: ?(.*)$/m);
  if (!id) return;
  const news = { last: id[1], change: data ? JSON.parse(data[1]) : undefined };
  told.push(news);
  if (told.length > 50) told.shift();
  tabs.postMessage(news);
  hear(news);
}

/** Follows what changes from where the last listener left off, until it is stopped or nobody is logged in any more.
 * @param {AbortSignal} signal */
async function listen(signal) {
  while (!signal.aborted) {
    try {
      /** @type {Record<string, string>} */
      const headers = { accept: "text/event-stream" };
      if (last) headers["last-event-id"] = last;
      const answer = await fetch("/v1/events", { headers, signal });
      if (answer.status < 500 && !answer.ok) return;
      const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
      for (let text = "", part = await reader?.read(); part && !part.done; part = await reader?.read()) {
        const events = (text + part.value).split("\n\n");
        text = events.pop() ?? "";
        events.forEach(read);
      }
    } catch { /* the server starts again, or this page is left */ }
    if (!signal.aborted) await new Promise((again) => { setTimeout(again, 3000); });
  }
}

/** A browser has six connections for a server: one tab listens for all. Where there are no locks, under plain http, those
 * that are seen listen for themselves. */
function share() {
  let stop = new AbortController();
  const { locks } = navigator;
  if (locks) locks.request(shared, { signal: stop.signal }, () => listen(stop.signal)).catch(() => { /* the page is left before its turn */ });
  else {
    listen(stop.signal);
    document.addEventListener("visibilitychange", () => {
      stop.abort();
      if (document.hidden) return;
      stop = new AbortController();
      listen(stop.signal);
    });
  }
  // a page that the browser keeps for the way back would keep its turn too
  addEventListener("pagehide", () => stop.abort(), { once: true });
}

let isTyping = Boolean(document.querySelector("form[data-draft], .faults"));
document.addEventListener("input", () => { isTyping = true; });

/** Tells of what others have done: loads the page again, or says so where something is being typed. @param {HTMLElement} line */
function watch(line) {
  const kinds = (line.dataset.watch ?? "").split(" ");
  /** @type {number | undefined} */
  let timer;
  document.addEventListener("zone-changed", (event) => {
    const { kind, id } = /** @type {CustomEvent} */ (event).detail;
    if (!kinds.includes(kind) && !kinds.includes(`${kind}:${id}`)) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (isTyping) line.hidden = false;
      else location.reload();
    }, 400);
  });
}
const watched = document.querySelectorAll("[data-watch]");
watched.forEach((line) => watch(/** @type {HTMLElement} */ (line)));
if (watched.length) {
  tabs.postMessage({ since: last });
  share();
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    if (isTyping) share();
    else location.reload();
  });
}
