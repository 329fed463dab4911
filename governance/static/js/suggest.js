/* Names to go to while typing, in every search box that has `data-suggest`: the address that answers with them.
   An editable combobox with a list, as https://www.w3.org/WAI/ARIA/apg/patterns/combobox/ describes it. Without this
   script the box is an ordinary one, and the page of results lists the same names. */
(() => {
  "use strict";
  const PAUSE = 120;
  let number = 0;

  class Combobox {
    constructor(input) {
      this.input = input;
      this.active = -1;
      this.asked = "";
      this.list = document.createElement("ul");
      this.list.id = `suggestions-${(number += 1)}`;
      this.list.className = "suggestions";
      this.list.hidden = true;
      this.list.setAttribute("role", "listbox");
      this.list.setAttribute("aria-label", input.dataset.suggestLabel);
      this.said = document.createElement("p");
      this.said.className = "visually-hidden";
      this.said.setAttribute("role", "status");
      input.form.append(this.list, this.said);
      const states = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id };
      Object.entries(states).forEach(([name, value]) => input.setAttribute(name, value));
      input.addEventListener("input", () => this.later());
      input.addEventListener("keydown", (event) => this.key(event));
      input.addEventListener("blur", () => this.close());
      this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the focus in the box
      this.list.addEventListener("click", (event) => this.go(event.target.closest("[role=option]")));
    }

    later() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), PAUSE);
    }

    async ask() {
      const text = this.input.value.trim();
      this.asked = text;
      if (text.length < 2) {
        this.close();
        return;
      }
      try {
        const answer = await fetch(`${this.input.dataset.suggest}?q=${encodeURIComponent(text)}`);
        const found = answer.ok ? (await answer.json()).suggestions : [];
        if (this.asked === text && document.activeElement === this.input) this.show(found);
      } catch {
        this.close(); // the box works without
      }
    }

    show(found) {
      this.list.replaceChildren(...found.map((item, place) => this.option(item, place)));
      this.mark(-1);
      this.list.hidden = found.length === 0;
      this.input.setAttribute("aria-expanded", String(found.length > 0));
      this.said.textContent = found.length ? `${this.input.dataset.suggestLabel}: ${found.length}` : "";
    }

    option(item, place) {
      const option = document.createElement("li");
      option.id = `${this.list.id}-${place}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.url = item.url;
      const parts = [["suggestions__name", item.text], ["suggestions__type", item.label]];
      if (item.title !== item.text) parts.splice(1, 0, ["suggestions__title", item.title]);
      option.append(
        ...parts.map(([name, text]) => {
          const part = document.createElement("span");
          part.className = name;
          part.dir = "auto";
          part.textContent = `${text} `;
          return part;
        }),
      );
      return option;
    }

    key(event) {
      const last = this.list.hidden ? -1 : this.list.children.length - 1;
      if (event.isComposing || last < 0) return;
      if (event.key === "ArrowDown") this.mark(this.active === last ? -1 : this.active + 1);
      else if (event.key === "ArrowUp") this.mark(this.active === -1 ? last : this.active - 1);
      else if (event.key === "Enter" && this.active >= 0) this.go(this.list.children[this.active]);
      else if (event.key === "Escape") this.close();
      else return;
      event.preventDefault();
    }

    mark(place) {
      this.list.children[this.active]?.setAttribute("aria-selected", "false");
      this.active = place;
      const option = this.list.children[place];
      option?.setAttribute("aria-selected", "true");
      option?.scrollIntoView({ block: "nearest" });
      if (option) this.input.setAttribute("aria-activedescendant", option.id);
      else this.input.removeAttribute("aria-activedescendant");
    }

    go(option) {
      if (option) window.location.assign(option.dataset.url);
    }

    close() {
      clearTimeout(this.timer);
      this.asked = "";
      this.mark(-1);
      this.list.hidden = true;
      this.input.setAttribute("aria-expanded", "false");
      this.said.textContent = "";
    }
  }

  const begin = (input) => {
    if (input?.matches("input[data-suggest]:not([role])")) new Combobox(input);
  };
  document.querySelectorAll("input[data-suggest]").forEach(begin);
  document.addEventListener("focusin", (event) => begin(event.target)); // a box that came in later
})();
