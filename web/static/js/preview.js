/** The preview of a bank: each question is built as on a pupil's page once it is seen; a button writes the right answer. */

const NOBODY = { changed() {}, announce() {}, upload: async () => ({ status: 0, body: {} }) };
let built = 0;

/** Give the ids of one question names of their own: a pupil's page has one question, this one many. */
function setApart(root) {
  built += 1;
  for (const element of root.querySelectorAll("[id]")) element.id = `${element.id}-${built}`;
  for (const name of ["for", "aria-describedby", "aria-labelledby"]) {
    for (const element of root.querySelectorAll(`[${name}]`)) {
      element.setAttribute(name, element.getAttribute(name).split(" ").map((id) => `${id}-${built}`).join(" "));
    }
  }
}

async function build(place) {
  const { kind, fields, solution } = JSON.parse(place.querySelector("script").textContent);
  const item = (await import(`./items/${kind}.js`)).build(fields, NOBODY);
  // A tool speaks the language of its question, not of the sheet.
  if (item.element.tagName === "IFRAME") item.element.src += `?lang=${place.lang}`;
  const live = place.querySelector(".live");
  live.replaceChildren(item.element);
  setApart(live);
  place.querySelector(".write")?.addEventListener("click", () => item.write(solution));
  place.dataset.built = "yes";
}

const seen = new IntersectionObserver((entries) => {
  for (const entry of entries.filter((one) => one.isIntersecting)) {
    seen.unobserve(entry.target);
    build(entry.target);
  }
}, { rootMargin: "600px" });

for (const place of document.querySelectorAll("form.specimen")) {
  place.addEventListener("submit", (event) => event.preventDefault());
  seen.observe(place);
}
