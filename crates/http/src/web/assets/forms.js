// Pages are complete without this. What it adds: a list to choose a skill from, the engine's word on a form while it is filled
// in, drafts that outlive a session, a question before something is withdrawn, texts to copy.
// @ts-check
"use strict";

/** The drafts of this user; `data-user` is empty where nobody is logged in. */
const user = document.body.dataset.user ?? "";
const DRAFT = "tiaoji-draft:";

/** Storage may be forbidden, or full: then there are no drafts. @param {(store: Storage) => void} work */
function stored(work) {
  try { work(window.localStorage); } catch { /* no drafts */ }
}

if (document.querySelector("[data-forget]")) {
  stored((store) => Object.keys(store).filter((key) => key.startsWith(DRAFT)).forEach((key) => store.removeItem(key)));
}

/** The fields of a form that hold what people type. @param {HTMLFormElement} form */
function typed(form) {
  const fields = /** @type {(HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement)[]} */ (
    [...form.querySelectorAll("input, select, textarea")]);
  return fields.filter((field) => field.name && !["hidden", "password", "file"].includes(field.type));
}

/** @param {HTMLFormElement} form */
function keepDrafts(form) {
  const key = `${DRAFT}${user}:${location.pathname}`;
  // a form that came back with faults holds what was typed already
  if (!document.querySelector(".faults")) {
    stored((store) => {
      const draft = JSON.parse(store.getItem(key) ?? "null");
      if (!draft) return;
      for (const field of typed(form)) {
        if (!(field.name in draft)) continue;
        if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = draft[field.name];
        else field.value = draft[field.name];
      }
    });
  }
  const keep = () => stored((store) => {
    const entries = typed(form).map((field) =>
      [field.name, field instanceof HTMLInputElement && field.type === "checkbox" ? field.checked : field.value]);
    store.setItem(key, JSON.stringify(Object.fromEntries(entries)));
  });
  form.addEventListener("input", keep);
  // kept until the page that follows says that it was taken: see below
  form.addEventListener("submit", () => stored((store) => store.setItem(`${DRAFT}sent`, key)));
  form.querySelector("[data-cancel]")?.addEventListener("click", () => stored((store) => store.removeItem(key)));
}

if (document.querySelector(".notice:not([data-watch])") && user) {
  stored((store) => {
    const key = store.getItem(`${DRAFT}sent`);
    if (key) store.removeItem(key);
    store.removeItem(`${DRAFT}sent`);
  });
}
document.querySelectorAll("form[data-draft]").forEach((form) => keepDrafts(/** @type {HTMLFormElement} */ (form)));

/** Asks the engine about a form that changes, and says what it says beside fields that have been touched. @param {HTMLFormElement} form */
function check(form) {
  const touched = new Set();
  /** @type {number | undefined} */
  let timer;
  /** @type {AbortController | undefined} */
  let asking;
  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    const body = new URLSearchParams();
    new FormData(form).forEach((value, name) => body.append(name, String(value)));
    try {
      const answer = await fetch(form.dataset.check ?? "", { method: "POST", body, signal: asking.signal });
      if (!answer.ok) return;
      /** @type {{ faults: Record<string, string[]>, days: string | null }} */
      const { faults, days } = await answer.json();
      const said = form.querySelector("[data-days]");
      if (said) said.textContent = days ?? "";
      for (const field of typed(form)) {
        const place = document.getElementById(`${field.name}-fault`);
        if (!place || !touched.has(field.name)) continue;
        const texts = faults[field.name] ?? [];
        place.replaceChildren(...texts.map((text) => Object.assign(document.createElement("p"), { textContent: text })));
        if (texts.length) field.setAttribute("aria-invalid", "true");
        else field.removeAttribute("aria-invalid");
      }
    } catch { /* offline, or a newer question: the form itself will say */ }
  };
  form.addEventListener("focusout", (event) => {
    const name = /** @type {HTMLInputElement} */ (event.target).name;
    if (name) touched.add(name);
  });
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 350);
  });
}
document.querySelectorAll("form[data-check]").forEach((form) => check(/** @type {HTMLFormElement} */ (form)));

/** A field with a list to choose from, by what its options are called or found by. @param {HTMLInputElement} input */
function choose(input) {
  const given = document.getElementById(input.getAttribute("list") ?? "");
  if (!given) return;
  const options = [...given.querySelectorAll("option")].map((option) =>
    ({ name: option.value, words: [option.value, ...(option.textContent ?? "").split(" ")].map((word) => word.toLowerCase()) }));
  const list = Object.assign(document.createElement("ul"), { className: "listbox", id: `${input.id}-choices`, hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels?.[0]?.textContent ?? "");
  input.removeAttribute("list");
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-autocomplete", "list");
  input.after(list);
  let at = -1;
  const close = () => {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  /** @param {string} name */
  const take = (name) => {
    input.value = name;
    close();
    input.dispatchEvent(new Event("input", { bubbles: true }));
    close();
  };
  /** @param {number} to */
  const move = (to) => {
    const items = [...list.children];
    items[at]?.setAttribute("aria-selected", "false");
    at = (to + items.length) % items.length;
    items[at].setAttribute("aria-selected", "true");
    items[at].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", items[at].id);
  };
  const open = () => {
    const wanted = input.value.trim().toLowerCase();
    const begin = options.filter(({ words }) => words.some((word) => word.startsWith(wanted)));
    const hold = options.filter((option) => !begin.includes(option) && option.words.some((word) => word.includes(wanted)));
    const found = [...begin, ...hold];
    list.replaceChildren(...found.map(({ name }, index) => {
      const item = Object.assign(document.createElement("li"), { textContent: name, id: `${list.id}-${index}` });
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.addEventListener("mousedown", (event) => { event.preventDefault(); take(name); });
      return item;
    }));
    at = -1;
    list.hidden = !found.length || (found.length === 1 && found[0].name === input.value);
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
    if (!list.hidden && wanted) move(0);
  };
  input.addEventListener("focus", open);
  input.addEventListener("input", (event) => { if (event instanceof InputEvent) open(); });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) open();
      else move(at + (event.key === "ArrowDown" ? 1 : -1));
      event.preventDefault();
    } else if ((event.key === "Enter" || event.key === "Tab") && !list.hidden && at >= 0) {
      take(list.children[at].textContent ?? "");
      if (event.key === "Enter") event.preventDefault();
    }
  });
}
document.querySelectorAll("input[data-choose]").forEach((input) => choose(/** @type {HTMLInputElement} */ (input)));

document.querySelectorAll("form[data-ask]").forEach((form) => form.addEventListener("submit", (event) => {
  if (!window.confirm(/** @type {HTMLFormElement} */ (form).dataset.ask)) event.preventDefault();
}));

/** The code of an invitation stands after the `#`, which no server sees. */
const token = /** @type {HTMLInputElement | null} */ (document.querySelector("form[data-invitation] [name=token]"));
if (token && location.hash.length > 1) {
  token.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
}

/** Texts to pass on: the clipboard is there under https alone, else the text is chosen for the person to copy. @param {HTMLButtonElement} button */
function copies(button) {
  const text = /** @type {HTMLTextAreaElement} */ (document.getElementById(button.dataset.copy ?? ""));
  button.hidden = false;
  button.addEventListener("click", async () => {
    text.select();
    try { await navigator.clipboard.writeText(text.value); } catch { document.execCommand("copy"); }
    button.textContent = button.dataset.copied ?? "";
  });
}
document.querySelectorAll("button[data-copy]").forEach((button) => copies(/** @type {HTMLButtonElement} */ (button)));

const faults = /** @type {HTMLElement | null} */ (document.querySelector(".faults"));
faults?.focus();
