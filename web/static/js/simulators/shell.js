/** A small shell over a tree of files held as facts: `path:/a/b` is file or folder, `text:/a/b` what a file holds. */

const NAME = /^[A-Za-z0-9_.+-]{1,60}$/;
const MOST_PATHS = 120;
const MOST_SIGNS = 3000;

/** Refusals are keys of words, so that the shell speaks the pupil's language. */
export class ShellError extends Error {
  constructor(code, name = "") {
    super(code);
    this.code = code;
    this.name = name;
  }
}

const fail = (code, name) => { throw new ShellError(code, name); };
const parentOf = (path) => path.slice(0, path.lastIndexOf("/")) || "/";
const baseOf = (path) => path.slice(path.lastIndexOf("/") + 1);
const join = (folder, name) => (folder === "/" ? `/${name}` : `${folder}/${name}`);

/** Words of a command; quotes keep spaces, `>` and `>>` stand alone. */
export function split(command) {
  const found = [];
  for (const match of command.matchAll(/"([^"]*)"|'([^']*)'|(>>|>)|([^\s"'>]+)/g)) {
    found.push({ text: match[1] ?? match[2] ?? match[3] ?? match[4], quoted: match[1] !== undefined || match[2] !== undefined, redirect: Boolean(match[3]) });
  }
  return found;
}

export class Shell {
  /** `facts` is changed in place; `home` is where `cd` alone goes. */
  constructor(facts, home) {
    this.facts = facts;
    this.home = home;
  }

  get cwd() { return this.facts.cwd; }

  kind(path) { return path === "/" ? "folder" : this.facts[`path:${path}`] || ""; }

  text(path) { return this.facts[`text:${path}`] ?? ""; }

  resolve(name) {
    const full = name.replace(/^~(?=\/|$)/, this.home);
    const parts = (full.startsWith("/") ? full : `${this.cwd}/${full}`).split("/");
    const path = [];
    for (const part of parts) {
      if (part === "..") path.pop();
      else if (part && part !== ".") path.push(part);
    }
    return `/${path.join("/")}`;
  }

  children(folder) {
    const prefix = folder === "/" ? "path:/" : `path:${folder}/`;
    return Object.keys(this.facts).filter((key) => key.startsWith(prefix) && this.facts[key] && !key.slice(prefix.length).includes("/"))
      .map((key) => key.slice(5)).sort();
  }

  below(path) {
    return Object.keys(this.facts).filter((key) => key.startsWith("path:") && this.facts[key]).map((key) => key.slice(5)).filter((one) => one === path || one.startsWith(`${path}/`));
  }

  /** Names with `*` become the files they stand for. */
  expand({ text, quoted }) {
    if (quoted || !text.includes("*")) return [text];
    const slash = text.lastIndexOf("/");
    const [folder, pattern] = slash < 0 ? ["", text] : [text.slice(0, slash + 1), text.slice(slash + 1)];
    const wanted = new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*")}$`);
    const found = this.children(this.resolve(folder || ".")).map(baseOf).filter((name) => wanted.test(name) && (pattern.startsWith(".") || !name.startsWith(".")));
    return found.length ? found.map((name) => folder + name) : [text];
  }

  existing(name) {
    const path = this.resolve(name);
    return this.kind(path) ? path : fail("e_missing", name);
  }

  file(name) {
    const path = this.existing(name);
    return this.kind(path) === "file" ? path : fail("e_folder", name);
  }

  put(path, kind, text = "") {
    if (!NAME.test(baseOf(path))) fail("e_name", baseOf(path));
    if (this.kind(parentOf(path)) !== "folder") fail("e_missing", parentOf(path));
    if (!this.kind(path) && Object.keys(this.facts).length > MOST_PATHS) fail("e_many");
    this.facts[`path:${path}`] = kind;
    if (kind === "file") this.facts[`text:${path}`] = text.slice(0, MOST_SIGNS);
  }

  remove(path) {
    for (const one of this.below(path)) {
      this.facts[`path:${one}`] = "";
      this.facts[`text:${one}`] = "";
    }
  }

  /** Where something goes: into a folder under its own name, or under a new name. */
  target(from, name) {
    const path = this.resolve(name);
    return this.kind(path) === "folder" ? join(path, baseOf(from)) : path;
  }

  transfer(name, to, keep) {
    const from = this.existing(name);
    const target = this.target(from, to);
    if (target === from || target.startsWith(`${from}/`)) fail("e_inside", name);
    if (this.kind(target) && this.kind(target) !== this.kind(from)) fail("e_exists", to);
    if (!keep && (this.cwd === from || this.cwd.startsWith(`${from}/`))) fail("e_here", name);
    const moved = this.below(from).sort().map((one) => [target + one.slice(from.length), this.kind(one), this.text(one)]);
    if (!keep) this.remove(from);
    for (const [path, kind, text] of moved) this.put(path, kind, text);
  }

  /** Run one command and return the lines it prints; raises `ShellError`. */
  run(command) {
    const parts = split(command);
    const arrow = parts.findIndex((part) => part.redirect);
    const [verb, ...rest] = arrow < 0 ? parts : parts.slice(0, arrow);
    if (!verb) return [];
    const flags = new Set();
    const names = [];
    for (const part of rest) {
      if (!part.quoted && /^-[A-Za-z]+$/.test(part.text) && verb.text !== "echo") [...part.text.slice(1)].forEach((flag) => flags.add(flag));
      else names.push(...(verb.text === "grep" && !names.length ? [part.text] : this.expand(part)));
    }
    const act = ACTS[verb.text];
    if (!act) fail("e_unknown", verb.text);
    if (names.length < (act.least ?? 0)) fail("e_usage", verb.text);
    const printed = act(this, names, flags) ?? [];
    if (arrow < 0) return printed;
    const to = parts[arrow + 1]?.text ?? fail("e_usage", parts[arrow].text);
    const path = this.resolve(to);
    if (this.kind(path) === "folder") fail("e_folder", to);
    const before = parts[arrow].text === ">>" && this.text(path) ? `${this.text(path)}\n` : "";
    this.put(path, "file", before + printed.join("\n"));
    return [];
  }
}

const least = (number, act) => Object.assign(act, { least: number });
const content = (shell, name) => shell.text(shell.file(name)).split("\n");

const ACTS = {
  pwd: (shell) => [shell.cwd],
  ls: (shell, names, flags) => (names.length ? names : ["."]).flatMap((name) => {
    const path = shell.existing(name);
    const found = shell.kind(path) === "file" ? [path] : shell.children(path).filter((one) => flags.has("a") || !baseOf(one).startsWith("."));
    const line = (one) => `${baseOf(one)}${shell.kind(one) === "folder" ? "/" : ""}`;
    return flags.has("l") ? found.map((one) => `${shell.kind(one) === "folder" ? "d" : "-"} ${String(shell.text(one).length).padStart(5)} ${line(one)}`) : found.length ? [found.map(line).join("  ")] : [];
  }),
  cd: (shell, [name]) => {
    const path = name ? shell.existing(name) : shell.home;
    if (shell.kind(path) !== "folder") fail("e_file", name);
    shell.facts.cwd = path;
  },
  mkdir: least(1, (shell, names, flags) => names.forEach((name) => {
    const path = shell.resolve(name);
    if (shell.kind(path)) return flags.has("p") ? null : fail("e_exists", name);
    if (!flags.has("p")) return shell.put(path, "folder");
    return path.split("/").slice(1).reduce((at, part) => { if (!shell.kind(join(at, part))) shell.put(join(at, part), "folder"); return join(at, part); }, "/");
  })),
  rmdir: least(1, (shell, names) => names.forEach((name) => {
    const path = shell.existing(name);
    if (shell.kind(path) !== "folder") fail("e_file", name);
    if (shell.children(path).length) fail("e_full", name);
    if (shell.cwd === path) fail("e_here", name);
    shell.remove(path);
  })),
  touch: least(1, (shell, names) => names.forEach((name) => { const path = shell.resolve(name); if (!shell.kind(path)) shell.put(path, "file"); })),
  cp: least(2, (shell, names, flags) => names.slice(0, -1).forEach((name) => {
    if (shell.kind(shell.existing(name)) === "folder" && !flags.has("r")) fail("e_folder", name);
    shell.transfer(name, names.at(-1), true);
  })),
  mv: least(2, (shell, names) => names.slice(0, -1).forEach((name) => shell.transfer(name, names.at(-1), false))),
  rm: least(1, (shell, names, flags) => names.forEach((name) => {
    const path = shell.existing(name);
    if (shell.kind(path) === "folder" && !flags.has("r")) fail("e_folder", name);
    if (shell.cwd === path || shell.cwd.startsWith(`${path}/`)) fail("e_here", name);
    shell.remove(path);
  })),
  cat: least(1, (shell, names) => names.flatMap((name) => content(shell, name))),
  head: least(1, (shell, names) => names.flatMap((name) => content(shell, name).slice(0, 10))),
  tail: least(1, (shell, names) => names.flatMap((name) => content(shell, name).slice(-10))),
  sort: least(1, (shell, names) => names.flatMap((name) => content(shell, name)).sort()),
  wc: least(1, (shell, names) => names.map((name) => `${content(shell, name).length} ${shell.text(shell.file(name)).split(/\s+/).filter(Boolean).length} ${name}`)),
  grep: least(2, (shell, [wanted, ...names], flags) => {
    const bare = (text) => (flags.has("i") ? text.toLowerCase() : text);
    const found = names.flatMap((name) => content(shell, name).map((line, index) => [name, index + 1, line]).filter(([, , line]) => bare(line).includes(bare(wanted))));
    if (flags.has("c")) return [String(found.length)];
    return found.map(([name, index, line]) => `${names.length > 1 ? `${name}:` : ""}${flags.has("n") ? `${index}:` : ""}${line}`);
  }),
  echo: (shell, names) => [names.join(" ")],
  history: (shell) => (shell.facts.history ?? "").split("\n"),
};
