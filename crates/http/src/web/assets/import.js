// A table is checked as soon as it is pasted, dropped or chosen, mended and imported without leaving the page. What is in the form
// outlives the page and the session: it is kept on this device until the table has been taken.
// @ts-check
"use strict";

/** @param {HTMLElement} place */
function importing(place) {
  const draft = `tiaoji-draft:${document.body.dataset.user ?? ""}:${location.pathname}`;
  /** Storage may be forbidden, or full: then there is no draft. @param {(store: Storage) => void} work */
  const stored = (work) => { try { work(window.localStorage); } catch { /* no draft */ } };
  const form = () => /** @type {HTMLFormElement | null} */ (place.querySelector("form[data-table]"));
  /** @param {HTMLFormElement} from @param {HTMLElement | null} [by] */
  const entries = (from, by) => {
    const body = new URLSearchParams();
    new FormData(from, by).forEach((value, name) => { if (typeof value === "string") body.append(name, value); });
    return body;
  };
  const keep = () => {
    const table = form();
    if (table) stored((store) => store.setItem(draft, entries(table).toString()));
  };
  /** @param {string | undefined} text */
  const tell = (text) => {
    const line = /** @type {HTMLElement | null} */ (place.querySelector("[data-told]"));
    if (line) Object.assign(line, { textContent: text ?? "", hidden: false });
  };
  const prepare = () => place.querySelectorAll("[data-scripted]").forEach((part) => part.removeAttribute("hidden"));
  /** @param {string} action @param {BodyInit} body */
  const send = async (action, body) => {
    place.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(action, { method: "POST", body });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = page.querySelector("[data-import]");
      if (answer.status === 401) tell(place.dataset.ended);
      else if (!next) tell(page.querySelector("main")?.textContent ?? place.dataset.lost);
      else {
        place.replaceChildren(...next.childNodes);
        prepare();
        if (answer.redirected) {
          stored((store) => store.removeItem(draft));
          history.pushState(null, "", answer.url);
        } else keep();
        /** @type {HTMLElement | null} */ (place.querySelector("[tabindex='-1']"))?.focus();
      }
    } catch { tell(place.dataset.lost); }
    place.removeAttribute("aria-busy");
  };
  /** @param {File | undefined} file */
  const read = (file) => {
    const to = form()?.action;
    if (file && to) send(to, file);
  };
  place.addEventListener("submit", (event) => {
    event.preventDefault();
    const from = /** @type {HTMLFormElement} */ (event.target);
    send(from.action, entries(from, event.submitter));
  });
  /** @type {number | undefined} */
  let timer;
  place.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 300);
  });
  place.addEventListener("paste", (event) => {
    if (event.target instanceof HTMLTextAreaElement) setTimeout(() => form()?.requestSubmit());
  });
  place.addEventListener("change", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.type === "file") read(event.target.files?.[0]);
  });
  place.addEventListener("dragover", (event) => event.preventDefault());
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    read(event.dataTransfer?.files[0]);
  });
  place.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-fresh]")) {
      clearTimeout(timer);
      stored((store) => store.removeItem(draft));
    }
  });
  window.addEventListener("popstate", () => location.reload());
  prepare();
  stored((store) => {
    const kept = new URLSearchParams(store.getItem(draft) ?? "");
    const table = form();
    if (table && kept.get("table")) send(table.action, kept);
  });
}
document.querySelectorAll("[data-import]").forEach((place) => importing(/** @type {HTMLElement} */ (place)));
