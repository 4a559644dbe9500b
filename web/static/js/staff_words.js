// The words a staff page was given, and their plurals: French says one below two, English for one alone.

const lang = document.documentElement.lang;

export const words = JSON.parse(document.getElementById("staff-words").textContent);

export function counted(name, count) {
  const one = lang === "fr" ? count < 2 : count === 1;
  return words[name][one ? "one" : "other"].replace("{count}", new Intl.NumberFormat(lang).format(count));
}
