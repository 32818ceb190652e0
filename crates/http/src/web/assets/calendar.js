// Date fields of a posting with a calendar that knows the zone's days of rest. Dates are typed as before; without this the browser's
// own calendar is there.
// @ts-check
"use strict";

/** @param {HTMLFormElement} form */
function calendars(form) {
  const { rest = "", exceptions = "", pick = "", before = "", after = "", mark = "" } = form.dataset;
  /** Weekdays from 0, which is Monday. */
  const weekly = new Set(rest.split(" ").filter(Boolean).map(Number));
  const differs = new Map(exceptions.split(" ").filter(Boolean).map((part) => /** @type {[string, string]} */ (part.split("="))));
  const locale = document.documentElement.lang;
  /** @param {Intl.DateTimeFormatOptions} options */
  const namer = (options) => new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options });
  const [month, weekday, whole] = [namer({ year: "numeric", month: "long" }), namer({ weekday: "short" }), namer({ dateStyle: "full" })];
  const DAY = 86_400_000;
  /** @param {Date} date */
  const iso = (date) => date.toISOString().slice(0, 10);
  /** @param {Date} date */
  const weekdayOf = (date) => (date.getUTCDay() + 6) % 7;
  /** @param {Date} date */
  const isRest = (date) => (differs.has(iso(date)) ? differs.get(iso(date)) === "rest" : weekly.has(weekdayOf(date)));
  /** @param {string} name @param {Record<string, string>} [attributes] @param {string} [text] */
  const made = (name, attributes = {}, text = "") => {
    const element = document.createElement(name);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    element.textContent = text;
    return element;
  };

  /** @param {HTMLInputElement} input */
  const calendar = (input) => {
    const label = `${pick}: ${(input.labels?.[0]?.firstChild?.textContent ?? "").trim()}`;
    const button = made("button", { type: "button", class: "second", "aria-label": label, "aria-expanded": "false" }, pick);
    const box = made("div", { class: "calendar", role: "dialog", "aria-label": label, hidden: "" });
    const line = made("div", { class: "with-calendar" });
    input.before(line);
    line.append(input, button, box);
    input.dataset.own = "";
    let at = new Date();
    const close = () => {
      box.hidden = true;
      button.setAttribute("aria-expanded", "false");
    };
    /** @param {Date} date */
    const take = (date) => {
      input.value = iso(date);
      close();
      input.focus();
      input.dispatchEvent(new Event("input", { bubbles: true }));
    };
    /** The same day of another month, or its last. @param {number} by */
    const inMonth = (by) => {
      const last = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + by + 1, 0)).getUTCDate();
      return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + by, Math.min(at.getUTCDate(), last)));
    };
    const show = () => {
      const first = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1));
      const start = first.getTime() - weekdayOf(first) * DAY;
      const head = made("div", { class: "head" });
      const [back, on] = [-1, 1].map((by) => {
        const turn = made("button", { type: "button", class: "plain", "aria-label": by < 0 ? before : after }, by < 0 ? "‹" : "›");
        turn.addEventListener("click", () => {
          at = inMonth(by);
          show();
          /** @type {HTMLElement} */ (box.querySelectorAll(".head button")[by < 0 ? 0 : 1]).focus();
        });
        return turn;
      });
      head.append(back, made("strong", { "aria-live": "polite" }, month.format(at)), on);
      const grid = made("table", { role: "grid", "aria-label": month.format(at) });
      const week = made("tr");
      for (let day = 0; day < 7; day += 1) week.append(made("th", { scope: "col" }, weekday.format(start + day * DAY)));
      grid.append(week);
      const end = inMonth(1).setUTCDate(1);
      for (let row = 0; start + row * 7 * DAY < end; row += 1) {
        const line = made("tr");
        for (let day = 0; day < 7; day += 1) {
          const date = new Date(start + (row * 7 + day) * DAY);
          const cell = made("td", { role: "gridcell" });
          if (date.getUTCMonth() === at.getUTCMonth()) {
            const isIt = iso(date) === iso(at);
            cell.textContent = String(date.getUTCDate());
            cell.tabIndex = isIt ? 0 : -1;
            cell.setAttribute("aria-label", `${whole.format(date)}${isRest(date) ? ` ${mark}` : ""}`);
            cell.setAttribute("aria-selected", String(iso(date) === input.value));
            if (isRest(date)) Object.assign(cell.dataset, { mark });
            cell.addEventListener("click", () => take(date));
          }
          line.append(cell);
        }
        grid.append(line);
      }
      box.replaceChildren(head, grid);
    };
    const focus = () => /** @type {HTMLElement | null} */ (box.querySelector("td[tabindex='0']"))?.focus();
    button.addEventListener("click", () => {
      if (!box.hidden) return close();
      const typed = new Date(`${input.value}T00:00Z`);
      // with nothing typed yet the last day is looked for from the first on
      const other = /** @type {HTMLInputElement | null} */ (form.querySelector("input[type=date]"))?.value;
      const from = new Date(`${other}T00:00Z`);
      at = [typed, from].find((date) => !Number.isNaN(date.getTime())) ?? new Date();
      show();
      box.hidden = false;
      button.setAttribute("aria-expanded", "true");
      focus();
    });
    box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        close();
        button.focus();
        return;
      }
      if (!(event.target instanceof HTMLTableCellElement)) return;
      const weekdayNow = weekdayOf(at);
      /** @type {Record<string, () => Date>} */
      const moves = {
        ArrowLeft: () => new Date(at.getTime() - DAY),
        ArrowRight: () => new Date(at.getTime() + DAY),
        ArrowUp: () => new Date(at.getTime() - 7 * DAY),
        ArrowDown: () => new Date(at.getTime() + 7 * DAY),
        Home: () => new Date(at.getTime() - weekdayNow * DAY),
        End: () => new Date(at.getTime() + (6 - weekdayNow) * DAY),
        PageUp: () => inMonth(-1),
        PageDown: () => inMonth(1),
      };
      if (event.key === "Enter" || event.key === " ") take(at);
      else if (moves[event.key]) {
        at = moves[event.key]();
        show();
        focus();
      } else return;
      event.preventDefault();
    });
    document.addEventListener("click", (event) => {
      // a turned page has left the document by now
      if (!event.composedPath().includes(line)) close();
    });
  };
  form.querySelectorAll("input[type=date]").forEach((input) => calendar(/** @type {HTMLInputElement} */ (input)));
}
document.querySelectorAll("form[data-rest]").forEach((form) => calendars(/** @type {HTMLFormElement} */ (form)));
