/* What quickens a list where there is JavaScript: htmx puts the narrowed list in place; this keeps what a reader had
   open and where the focus was, says aloud what was found, and finds a choice in a long facet as it is typed. */
"use strict";

const opened = () => [...document.querySelectorAll("#live details[id][open]")].map((part) => part.id);
let kept = [];

document.addEventListener("htmx:beforeSwap", (event) => {
  // An answer that is no list (an error page) is shown as the page it is, not lost.
  if (event.detail.xhr.status >= 400 || !event.detail.serverResponse.includes('id="live"')) {
    event.detail.shouldSwap = false;
    window.location.assign(event.detail.pathInfo.finalRequestPath || window.location.href);
  }
  kept = opened();
});

document.addEventListener("htmx:afterSettle", () => {
  for (const id of kept) document.getElementById(id)?.setAttribute("open", "");
  offerFinding();
  const count = document.querySelector(".results__count");
  document.getElementById("announce").textContent = count ? count.textContent.trim() : "";
  if (document.activeElement === document.body) document.getElementById("results").focus();
});

// What is shown already is not asked for again: a name typed and then sent with the Enter key comes twice.
document.addEventListener("htmx:beforeRequest", (event) => {
  const wanted = new URL(event.detail.pathInfo.finalRequestPath, window.location.href);
  if (wanted.href === window.location.href) event.preventDefault();
});

document.addEventListener("htmx:sendError", (event) => {
  window.location.assign(event.detail.requestConfig.path);
});

const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

document.addEventListener("input", (event) => {
  const box = event.target.closest(".facet__find");
  if (!box) return;
  const facet = box.closest(".facet");
  const wanted = folded(event.target.value.trim());
  const rest = facet.querySelector(".facet__more");
  if (rest && wanted) rest.open = true;
  let found = 0;
  for (const choice of facet.querySelectorAll("li")) {
    choice.hidden = wanted !== "" && !folded(choice.textContent).includes(wanted);
    if (!choice.hidden) found += 1;
  }
  box.querySelector("output").textContent = wanted ? String(found) : "";
});

function offerFinding() {
  for (const box of document.querySelectorAll(".facet__find[hidden]")) box.hidden = false;
}
offerFinding();

// What was left empty need not stand in the address.
document.addEventListener("htmx:configRequest", (event) => {
  const given = event.detail.formData;
  for (const name of [...new Set(given.keys())]) {
    if (given.getAll(name).every((value) => value === "")) given.delete(name);
  }
});
