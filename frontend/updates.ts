// What htmx does not do by itself: say that an update failed, and keep a form from being sent twice.

/** Announce failed updates in the page's status region, and disable a form's buttons once it is sent. */
export function improveUpdates(page: Document): void {
  page.addEventListener("htmx:sendError", () => announce(page));
  page.addEventListener("htmx:responseError", () => announce(page));
  page.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.method !== "post" || event.defaultPrevented || "download" in form.dataset) return;
    // After this turn, so that the pressed button's own name and value are still sent.
    setTimeout(() => setSending(form, true));
  });
  // A page taken back from the browser's memory must be usable again.
  window.addEventListener("pageshow", () => {
    for (const form of page.querySelectorAll<HTMLFormElement>("form[data-sending]")) setSending(form, false);
  });
}

// A form that answers with a file carries data-download: its page stays, so its button must stay usable.
function setSending(form: HTMLFormElement, isSending: boolean): void {
  form.toggleAttribute("data-sending", isSending);
  for (const button of form.querySelectorAll<HTMLButtonElement>("button:not([type=button])")) {
    button.disabled = isSending;
  }
}

/** Put the focus on the list of errors, so that a form that came back is heard and read from there. */
export function showErrors(page: Document): void {
  page.querySelector<HTMLElement>(".error-summary")?.focus();
}

function announce(page: Document): void {
  const region = page.querySelector("#messages");
  if (!region) return;
  const note = page.createElement("div");
  note.className = "alert alert-danger";
  note.textContent =
    page.documentElement.lang === "en"
      ? "The page could not be updated. Check the network and try again."
      : "页面没有更新成功。请检查网络后重试。";
  region.replaceChildren(note);
}
