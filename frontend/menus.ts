// Menus are <details class="menu">: they open without script. Here they also close as people expect.

/** Close open menus on Escape (focus returns to the menu's own button) and on a click outside. */
export function improveMenus(page: Document): void {
  page.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus(page)) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
  page.addEventListener("click", (event) => {
    for (const menu of openMenus(page)) {
      if (!menu.contains(event.target as Node)) menu.open = false;
    }
  });
}

/** On a narrow screen the staff menu is one sideways strip: bring the open page's link into it. */
export function showWhereWeAre(page: Document): void {
  const strip = page.querySelector<HTMLElement>(".staff-nav");
  const link = strip?.querySelector<HTMLElement>("a[aria-current]");
  if (strip && link) strip.scrollLeft = link.offsetLeft - strip.offsetLeft - (strip.clientWidth - link.offsetWidth) / 2;
}

function openMenus(page: Document): NodeListOf<HTMLDetailsElement> {
  return page.querySelectorAll<HTMLDetailsElement>("details.menu[open]");
}
