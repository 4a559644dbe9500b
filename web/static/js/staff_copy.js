// Buttons that copy a text of the page: shown only where the browser lets a page write the clipboard.
const CAN = Boolean(navigator.clipboard && isSecureContext);

for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!CAN) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    await navigator.clipboard.writeText((source.value ?? source.textContent).trim());
    if (button.dataset.done) button.textContent = button.dataset.done;
    button.setAttribute("aria-pressed", "true");
    button.classList.add("copied");
  });
}
