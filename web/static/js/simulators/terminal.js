/** A terminal: what was printed, and a line to type commands in. */

import { button, h, start, word } from "./kit.js";
import { Shell, ShellError } from "./shell.js";

const MOST = 60;

const prompt = (tool) => `${tool.scene.user}@${tool.scene.host}:${tool.get("cwd").replace(tool.scene.cwd, "~")}$`;

function answer(tool, command) {
  if (command === "clear") return null;
  if (command === "help") return [word("help")];
  try {
    return new Shell(tool.facts, tool.scene.cwd).run(command);
  } catch (error) {
    if (error instanceof ShellError) return [word(error.code, { name: error.name })];
    throw error;
  }
}

function run(tool) {
  const command = document.getElementById("command").value.trim().slice(0, 190);
  if (!command) return;
  const past = tool.get("history").split("\n").filter(Boolean);
  const before = prompt(tool);
  if (past.length >= MOST) {
    tool.look({ screen: [...(tool.ui.screen ?? []), word("e_many")] }, word("e_many"));
    return;
  }
  const printed = answer(tool, command);
  tool.ui.screen = printed === null ? [] : [...(tool.ui.screen ?? []), `${before} ${command}`, ...printed];
  tool.ui.back = 0;
  tool.ui.line = "";
  tool.set({ history: [...past, command].join("\n") }, printed?.join("\n") ?? "");
  document.getElementById("command").focus();
  const screen = document.getElementById("screen");
  screen.scrollTop = screen.scrollHeight;
}

/** The commands typed before come back with the arrows. */
function recall(tool, step) {
  const past = tool.get("history").split("\n").filter(Boolean);
  tool.ui.back = Math.min(past.length, Math.max(0, (tool.ui.back ?? 0) + step));
  document.getElementById("command").value = tool.ui.back ? past.at(-tool.ui.back) : "";
}

function draw(tool) {
  const input = h("input", {
    id: "command", type: "text", maxlength: 190, autocomplete: "off", autocapitalize: "off", spellcheck: "false", "data-k": "command",
    input: (event) => { tool.ui.line = event.target.value; },
    keydown: (event) => {
      const act = { Enter: () => run(tool), ArrowUp: () => recall(tool, 1), ArrowDown: () => recall(tool, -1) }[event.key];
      if (act) {
        event.preventDefault();
        act();
      }
    },
  });
  input.value = tool.ui.line ?? "";
  return [
    h("div", { class: "screen", id: "screen", tabindex: "0", role: "region", "aria-label": word("screen") }, (tool.ui.screen ?? [word("ready")]).join("\n")),
    h("div", { class: "field mono" }, h("label", { for: "command" }, `${word("command")} ${prompt(tool)}`), h("div", { class: "bar" }, input, button("run", word("run"), () => run(tool)))),
  ];
}

start(draw);
