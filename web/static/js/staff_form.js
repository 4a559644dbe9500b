// Counts the characters left beside a field with a limit. The page is complete without it; the server decides.

const words = JSON.parse(document.getElementById("staff-words").textContent);
const lang = document.documentElement.lang;

const counted = (form, count) => {
  const one = lang === "fr" ? count < 2 : count === 1;
  return form[one ? "one" : "other"].replace("{count}", new Intl.NumberFormat(lang).format(count));
};

for (const field of document.querySelectorAll("[data-most]")) {
  const place = document.createElement("span");
  document.getElementById(`${field.id}-hint`).append(" ", place);
  const most = Number(field.dataset.most);
  const show = () => {
    // As the server counts: code points, a line break as one.
    const left = most - [...field.value.replace(/\r\n/g, "\n")].length;
    place.textContent = left < 0 ? counted(words.over, -left) : counted(words.left, left);
    place.classList.toggle("err", left < 0);
  };
  field.addEventListener("input", show);
  show();
}
