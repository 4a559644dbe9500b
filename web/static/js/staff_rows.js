// One line of the table of pupils: made from the page's own template, so that words and shapes are the server's.

const template = document.getElementById("live-row");
const pills = new Map([...document.querySelectorAll("[data-pill]")].map((t) => [t.dataset.pill, t]));
const lang = document.documentElement.lang;
const percent = (value) => (lang === "fr" ? `${value}\u202f%` : `${value}%`);

export function rowOf(participation) {
  const row = template.content.firstElementChild.cloneNode(true);
  row.dataset.participation = participation;
  return row;
}

export const sortKey = (row) => row.querySelector("[data-name]").textContent;

export function setRow(row, pupil) {
  // Rows the server wrote already hold names and classes, typeset; only a new row is filled.
  if (sortKey(row).trim() === "") {
    const last = row.querySelector("[data-name] .upper");
    last.textContent = pupil.last_name;
    last.after(` ${pupil.first_name}`);
    row.querySelector("[data-division]").textContent = pupil.division ?? "";
  }
  const status = row.querySelector("[data-status]");
  if (status.dataset.status !== pupil.status) {
    status.replaceChildren(pills.get(pupil.status).content.cloneNode(true));
    status.dataset.status = pupil.status;
  }
  row.querySelector(".meter rect").setAttribute("width", `${pupil.progress}%`);
  row.querySelector("[data-progress] b").textContent = percent(pupil.progress);
  row.querySelector("[data-answered]").textContent = String(pupil.answered);
}
