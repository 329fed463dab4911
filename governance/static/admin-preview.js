// Shows Markdown as it will look, shortly after one stops typing. Without this, the button "Preview" does it.
(() => {
  "use strict";

  const form = document.getElementById("editor");
  if (!form) return;
  const token = form.elements.csrfmiddlewaretoken.value;

  form.querySelectorAll("textarea[data-preview]").forEach((area) => {
    const shown = form.querySelector(`[data-preview-of="${CSS.escape(area.id)}"]`);
    const button = shown?.parentElement.querySelector("button");
    if (!shown) return;
    button.hidden = true;
    let timer = 0;
    let asked = null;

    async function render() {
      asked?.abort();
      asked = new AbortController();
      const body = new URLSearchParams({ text: area.value, csrfmiddlewaretoken: token });
      try {
        const response = await fetch(form.dataset.previewUrl, { method: "POST", body, signal: asked.signal });
        // The server has cleaned it: see governance/markdown.py.
        if (response.ok) shown.innerHTML = (await response.json()).html;
      } catch (error) {
        if (error.name !== "AbortError") button.hidden = false;
      }
    }
    area.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(render, 300); });
    if (area.value.trim()) render();
  });
})();
