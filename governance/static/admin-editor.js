// Rows of the editor: add, remove, move. Without this, every list shows empty rows and a box "Remove".
(() => {
  "use strict";

  const form = document.getElementById("editor");
  if (!form) return;

  const total = (rows) => rows.querySelector(`:scope > input[name="${CSS.escape(rows.dataset.rows)}-TOTAL_FORMS"]`);
  const rowsOf = (rows) => [...rows.querySelectorAll(":scope > [data-row]")];

  // Empty rows are for browsers without JavaScript: the last ones go, as long as nothing was typed.
  function dropBlank(rows) {
    const all = rowsOf(rows);
    while (all.length && all.at(-1).classList.contains("row-blank")) {
      all.pop().remove();
    }
    total(rows).value = all.length;
  }

  function addRow(rows) {
    const number = Number(total(rows).value);
    const prefix = rows.dataset.rows;
    const html = rows.querySelector(":scope > template").innerHTML
      .replaceAll(`${prefix}-__prefix__`, `${prefix}-${number}`)
      .replaceAll(`/${prefix.replaceAll("-", "/")}/__prefix__`, `/${prefix.replaceAll("-", "/")}/${number}`);
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const row = holder.content.querySelector("[data-row]");
    rows.querySelector(":scope > template").before(row);
    total(rows).value = number + 1;
    row.classList.add("row-new");
    row.querySelectorAll("[data-rows]").forEach(prepare);
    prepareRow(row);
    row.dispatchEvent(new CustomEvent("row:added", { bubbles: true }));
    row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  }

  function prepareRow(row) {
    const remove = row.querySelector(":scope > .row-head .delete input");
    if (!remove) return;
    const mark = () => row.classList.toggle("row-removed", remove.checked);
    remove.addEventListener("change", mark);
    mark();
    const order = row.querySelector(":scope > .row-head .order");
    for (const [step, sign] of [[1, "↓"], [-1, "↑"]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "move";
      button.textContent = sign;
      button.setAttribute("aria-label", form.dataset[step < 0 ? "up" : "down"]);
      button.addEventListener("click", () => move(row, step, button));
      order.after(button);
    }
  }

  // The number in "Place" decides; rows are shown in that order too.
  function move(row, step, button) {
    const rows = row.parentElement;
    const all = rowsOf(rows);
    const other = all[all.indexOf(row) + step];
    if (!other) return;
    if (step < 0) other.before(row); else other.after(row);
    rowsOf(rows).forEach((each, index) => {
      const order = each.querySelector(":scope > .row-head .order");
      order.value = index + 1;
    });
    button.focus();
  }

  function prepare(rows) {
    dropBlank(rows);
    const add = rows.querySelector(":scope > .add-row");
    add.hidden = false;
    add.querySelector("button").addEventListener("click", () => addRow(rows));
  }

  form.querySelectorAll("[data-rows]").forEach(prepare);
  form.querySelectorAll("[data-row]").forEach(prepareRow);

  // Text areas for sources grow with what is typed.
  form.addEventListener("input", (event) => {
    if (event.target.matches("textarea")) grow(event.target);
  });
  function grow(area) {
    const lines = area.value.split("\n").length;
    if (lines > area.rows) area.rows = Math.min(lines, 40);
  }
  form.querySelectorAll("textarea").forEach(grow);

  // The address follows the title until somebody writes in it.
  const title = form.elements.title;
  const slug = form.elements.slug;
  if (title && slug && !slug.value && !slug.required) {
    const follow = () => {
      slug.value = title.value.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase()
        .replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 120);
    };
    if (title.value) follow(); // typed before this ran
    title.addEventListener("input", follow);
    slug.addEventListener("input", () => title.removeEventListener("input", follow), { once: true });
  }

  // Nobody loses what they typed by a wrong click.
  let touched = false;
  form.addEventListener("input", () => { touched = true; });
  form.addEventListener("submit", () => { touched = false; });
  window.addEventListener("beforeunload", (event) => { if (touched) event.preventDefault(); });

  form.querySelector(".errorlist")?.closest("[data-row], .form-row, .section")?.scrollIntoView({ block: "center" });
})();
