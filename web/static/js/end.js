/** The end page once results are sent: its chip says when the central instance has them too. */

import { byId, icon } from "./dom.js";
import { word } from "./words.js";

const chip = byId("saved");
const news = new EventSource(chip.dataset.news);

news.addEventListener("uploaded", (event) => {
  news.close();
  if (JSON.parse(event.data).state !== "stored") return;
  chip.replaceChildren(icon("on-both"), word("both"));
});
