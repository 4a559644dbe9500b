/** The robot's grid, drawn and told in words. */

import { h, word } from "./kit.js";

const SVG = "http://www.w3.org/2000/svg";
const ARROWS = { north: "M10 3l6 12H4z", east: "M17 10L5 16V4z", south: "M10 17L4 5h12z", west: "M3 10l12-6v12z" };
const NAMES = { "#": "wall", ".": "floor", R: "floor", G: "goal", o: "floor" };

function shape(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

function places(grid, sign) {
  return grid.flatMap((line, y) => [...line].flatMap((one, x) => (one === sign ? [{ x: x + 1, y: y + 1 }] : [])));
}

export function inWords(scene, at) {
  const goal = places(scene.grid, "G").map((place) => word("goal_at", place)).join(" ");
  const balls = [...at.balls].map((one) => one.split(",").map((number) => Number(number) + 1).join(",")).join(" ; ");
  return word("maze", {
    columns: scene.grid[0].length, rows: scene.grid.length, x: at.x + 1, y: at.y + 1, facing: word(at.facing), goal, balls: balls ? word("balls_at", { places: balls }) : "",
  });
}

export function drawing(scene, at) {
  const [columns, rows] = [scene.grid[0].length, scene.grid.length];
  const cells = scene.grid.flatMap((line, y) => [...line].map((sign, x) => shape("rect", { class: NAMES[sign], x: x * 20, y: y * 20, width: 20, height: 20 })));
  const flags = places(scene.grid, "G").map(({ x, y }) => shape("path", { class: "flag", d: "M6 17V3h9l-3 3.5L15 10H7.5v7z", transform: `translate(${x * 20 - 20} ${y * 20 - 20})` }));
  const balls = [...at.balls].map((one) => one.split(",").map(Number)).map(([x, y]) => shape("circle", { class: "ball", cx: x * 20 + 10, cy: y * 20 + 10, r: 4 }));
  const robot = shape("path", { class: "robot", d: ARROWS[at.facing], transform: `translate(${at.x * 20} ${at.y * 20})` });
  return shape("svg", { class: "maze", viewBox: `0 0 ${columns * 20} ${rows * 20}`, width: columns * 32, role: "img", "aria-label": inWords(scene, at) }, ...cells, ...flags, ...balls, robot);
}

/** The grid as a table, for those who read it better than a drawing. */
export function table(scene, at, open, toggled) {
  const named = (sign, x, y) => (at.x === x && at.y === y ? word("robot") : at.balls.has(`${x},${y}`) ? word("ball") : word(NAMES[sign]));
  return h("details", { open, toggle: (event) => toggled(event.target.open) }, h("summary", { "data-k": "map" }, word("map")),
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": word("map") }, h("table", {}, h("tbody", {}, scene.grid.map((line, y) =>
      h("tr", {}, h("th", { scope: "row" }, word("row", { number: y + 1 })), [...line].map((sign, x) => h("td", {}, named(sign, x, y)))))))));
}
