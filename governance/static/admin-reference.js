// Proposes records while one types a reference: the combobox pattern of the ARIA Authoring Practices
// (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/). Without this, what is typed is looked up on saving.
(() => {
  "use strict";

  const form = document.getElementById("editor");
  if (!form) return;
  const address = form.dataset.referenceUrl;
  let count = 0;
  let timer = 0;
  let asked = null;

  const list = document.createElement("ul");
  list.className = "reference-list";
  list.id = "reference-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.dataset.proposals);
  list.hidden = true;

  function close(input) {
    list.hidden = true;
    input?.setAttribute("aria-expanded", "false");
    input?.removeAttribute("aria-activedescendant");
  }

  function choose(input, option) {
    input.value = option.dataset.value;
    input.nextElementSibling.textContent = option.dataset.title;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    clearTimeout(timer);
    close(input);
  }

  function show(input, results) {
    const chosen = list.hidden ? undefined : list.querySelector("[aria-selected=true]")?.dataset.value;
    list.replaceChildren(...results.map((found) => {
      const option = document.createElement("li");
      option.id = `reference-${count++}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.value = input.dataset.bare ? found.slug : found.reference;
      option.dataset.title = found.title;
      const title = document.createElement("strong");
      title.textContent = found.title;
      title.dir = "auto";
      const about = document.createElement("span");
      about.textContent = ` ${found.type} · ${found.slug}`;
      option.append(title, about);
      // mousedown comes before the input loses focus
      option.addEventListener("mousedown", (event) => { event.preventDefault(); choose(input, option); });
      return option;
    }));
    input.parentElement.append(list);
    list.hidden = results.length === 0;
    input.setAttribute("aria-expanded", String(results.length > 0));
    // what was already chosen with the arrows stays chosen when a later answer comes in
    const again = [...list.children].find((option) => option.dataset.value === chosen);
    if (again) mark(input, again);
  }

  async function ask(input) {
    asked?.abort();
    asked = new AbortController();
    const query = new URLSearchParams({ q: input.value.trim(), types: input.dataset.types });
    try {
      const response = await fetch(`${address}?${query}`, { signal: asked.signal, headers: { Accept: "application/json" } });
      if (response.ok && document.activeElement === input) show(input, (await response.json()).results);
    } catch (error) {
      if (error.name !== "AbortError") close(input);
    }
  }

  function step(input, by) {
    const options = [...list.children];
    const now = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const next = options[(now + by + options.length) % options.length] ?? options[0];
    mark(input, next);
  }

  function mark(input, chosen) {
    [...list.children].forEach((option) => option.setAttribute("aria-selected", String(option === chosen)));
    input.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  }

  function prepare(root) {
    root.querySelectorAll("input.reference").forEach((input) => {
      input.setAttribute("role", "combobox");
      input.setAttribute("aria-autocomplete", "list");
      input.setAttribute("aria-expanded", "false");
      input.setAttribute("aria-controls", list.id);
    });
  }

  form.addEventListener("input", (event) => {
    if (!event.target.matches("input.reference") || !event.isTrusted) return;
    event.target.nextElementSibling.textContent = "";
    clearTimeout(timer);
    if (event.target.value.trim().length < 2) { close(event.target); return; }
    timer = setTimeout(() => ask(event.target), 200);
  });
  form.addEventListener("keydown", (event) => {
    const input = event.target;
    if (!input.matches?.("input.reference")) return;
    if (event.key === "ArrowDown" && list.hidden) { event.preventDefault(); ask(input); return; }
    if (list.hidden) return;
    const chosen = list.querySelector("[aria-selected=true]");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); step(input, event.key === "ArrowDown" ? 1 : -1); }
    else if (event.key === "Enter" && chosen) { event.preventDefault(); choose(input, chosen); }
    else if (event.key === "Escape") { event.preventDefault(); close(input); }
  });
  form.addEventListener("focusout", (event) => { if (event.target.matches?.("input.reference")) { clearTimeout(timer); close(event.target); } });
  form.addEventListener("row:added", (event) => prepare(event.target));
  prepare(form);
})();
