/** The robot's programs: words to blocks and back, and a run to be shown. The server runs the program again to grade it. */

export const NESTED = new Set(["repeat", "until_goal", "if_wall", "if_free", "if_ball", "else"]);
const TURNS = ["north", "east", "south", "west"];
const STEPS = { north: [0, -1], east: [1, 0], south: [0, 1], west: [-1, 0] };
const MOST_TICKS = 3000;

/** Blocks from the words of a program; what is left open is closed. */
export function parse(program) {
  const top = [];
  const opened = [top];
  for (const part of program.split(/\s+/).filter(Boolean)) {
    if (part === "]") {
      if (opened.length > 1) opened.pop();
      continue;
    }
    const [, kind, times] = /^([a-z_]+)(?::(\d+))?\[?$/.exec(part) ?? [];
    if (!kind) continue;
    const block = { kind, times: Number(times ?? 0), inner: [] };
    opened.at(-1).push(block);
    if (part.endsWith("[")) opened.push(block.inner);
  }
  return top;
}

export function write(blocks) {
  return blocks.map((block) => {
    if (!NESTED.has(block.kind)) return block.kind;
    const head = block.kind === "repeat" ? `repeat:${block.times}` : block.kind;
    return `${head}[ ${write(block.inner)}${block.inner.length ? " " : ""}]`;
  }).join(" ");
}

export const count = (blocks) => blocks.reduce((sum, block) => sum + 1 + count(block.inner), 0);

/** The place at the start: column, row, facing, balls left. */
export function begin(scene) {
  const found = { x: 0, y: 0, facing: scene.facing, balls: new Set() };
  scene.grid.forEach((line, y) => [...line].forEach((sign, x) => {
    if (sign === "R") Object.assign(found, { x, y });
    if (sign === "o") found.balls.add(`${x},${y}`);
  }));
  return found;
}

class Stopped extends Error {}

/** Run the blocks and return every place the robot was in, and how it ended. */
export function run(scene, blocks) {
  const at = begin(scene);
  const trail = [{ ...at, balls: new Set(at.balls) }];
  const wall = (x, y) => (scene.grid[y]?.[x] ?? "#") === "#";
  const ahead = () => [at.x + STEPS[at.facing][0], at.y + STEPS[at.facing][1]];
  const arrived = () => scene.grid[at.y][at.x] === "G";
  let ticks = 0;
  const tick = () => {
    ticks += 1;
    if (ticks > MOST_TICKS) throw new Stopped("endless");
  };
  const act = (kind) => {
    if (kind === "take") at.balls.delete(`${at.x},${at.y}`);
    else if (kind === "move") {
      const [x, y] = ahead();
      if (wall(x, y)) throw new Stopped("crashed");
      Object.assign(at, { x, y });
    } else at.facing = TURNS[(TURNS.indexOf(at.facing) + (kind === "right" ? 1 : 3)) % 4];
    trail.push({ ...at, balls: new Set(at.balls) });
  };
  const sees = (kind) => (kind === "if_ball" ? at.balls.has(`${at.x},${at.y}`) : wall(...ahead()) === (kind === "if_wall"));
  const perform = (list) => {
    let held = true;
    for (const block of list) {
      tick();
      if (block.kind === "else") {
        if (!held) perform(block.inner);
      } else if (block.kind.startsWith("if_")) {
        held = sees(block.kind);
        if (held) perform(block.inner);
      } else if (block.kind === "until_goal") {
        while (!arrived()) {
          tick();
          perform(block.inner);
        }
      } else if (block.kind === "repeat") {
        for (let turn = 0; turn < block.times; turn += 1) perform(block.inner);
      } else act(block.kind);
    }
  };
  let end = "";
  try {
    perform(blocks);
  } catch (problem) {
    if (!(problem instanceof Stopped)) throw problem;
    end = problem.message;
  }
  const goal = scene.grid.some((line) => line.includes("G"));
  return { trail, end: end || (arrived() ? "arrived" : goal ? "stopped" : "done") };
}
