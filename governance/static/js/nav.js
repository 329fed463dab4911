/* On a phone the sections of the site scroll sideways: the one that is shown is brought into view. */
(() => {
  "use strict";
  const here = document.querySelector(".site-nav [aria-current]");
  const nav = here?.closest(".site-nav");
  if (nav && nav.scrollWidth > nav.clientWidth) {
    const [shown, frame] = [here.getBoundingClientRect(), nav.getBoundingClientRect()];
    nav.scrollLeft += shown.left + shown.width / 2 - frame.left - frame.width / 2;
  }
})();
