/** Formulas of the spreadsheet, computed to be shown. What counts is computed again by the server, from the formulas. */

const NAMES = {
  SOMME: "SUM", MOYENNE: "AVERAGE", NB: "COUNT", NBVAL: "COUNTA", "NB.SI": "COUNTIF", "SOMME.SI": "SUMIF", SI: "IF", ARRONDI: "ROUND",
  SUM: "SUM", AVERAGE: "AVERAGE", COUNT: "COUNT", COUNTA: "COUNTA", COUNTIF: "COUNTIF", SUMIF: "SUMIF", MAX: "MAX", MIN: "MIN", IF: "IF", ROUND: "ROUND",
};
const TOKEN = /\s*(?:(?<number>\d+(?:[.,]\d+)?)|"(?<text>[^"]*)"|(?<cell>\$?[A-Za-z]\$?\d{1,3})(?![A-Za-z0-9.(])|(?<name>[A-Za-z]+(?:\.[A-Za-z]+)?)|(?<sign><=|>=|<>|[-+*/^&=<>():;,]))/y;
const LEVELS = [["=", "<>", "<", ">", "<=", ">="], ["&"], ["+", "-"], ["*", "/"], ["^"]];
const [DEEPEST, LARGEST] = [24, 1e15];
const FUNCTION = /[A-Za-z]\s*\(/;
const ENGLISH = /\b(SUM|AVERAGE|COUNT|COUNTA|COUNTIF|SUMIF|IF|ROUND)\s*\(/i;

class FormulaError extends Error {}
const fail = () => { throw new FormulaError("#"); };

function tokens(text, commas) {
  const found = [];
  TOKEN.lastIndex = 0;
  const english = !text.includes(";") && (ENGLISH.test(text) || (commas && FUNCTION.test(text)));
  const trimmed = (english ? text.replace(/(\d),(?=\d)/g, "$1 , ") : text).trim();
  while (TOKEN.lastIndex < trimmed.length) {
    const match = TOKEN.exec(trimmed);
    if (!match) fail();
    const [kind, value] = Object.entries(match.groups).find(([, part]) => part !== undefined);
    found.push({ kind, value });
  }
  return found;
}

class Reading {
  constructor(found) {
    this.found = found;
    this.place = 0;
  }

  take(...signs) {
    const token = this.found[this.place];
    if (token?.kind !== "sign" || !signs.includes(token.value)) return "";
    this.place += 1;
    return token.value;
  }

  level(rank, depth) {
    if (depth > DEEPEST) fail();
    if (rank === LEVELS.length) return this.single(depth + 1);
    let tree = this.level(rank + 1, depth);
    for (let sign = this.take(...LEVELS[rank]); sign; sign = this.take(...LEVELS[rank])) tree = { call: sign, inner: [tree, this.level(rank + 1, depth)] };
    return tree;
  }

  single(depth) {
    if (depth > DEEPEST) fail();
    if (this.take("-")) return { call: "neg", inner: [this.single(depth + 1)] };
    if (this.take("+")) return this.single(depth + 1);
    if (this.take("(")) return this.closed(this.level(0, depth + 1));
    const token = this.found[this.place] ?? fail();
    this.place += 1;
    if (token.kind === "sign") fail();
    if (token.kind === "name") return this.call(token.value.toUpperCase(), depth);
    return token.kind === "cell" ? this.cell(token.value) : token;
  }

  cell(value) {
    const bare = (text) => text.replace(/\$/g, "").toUpperCase();
    if (!this.take(":")) return { kind: "cell", value: bare(value) };
    const last = this.found[this.place];
    if (last?.kind !== "cell") fail();
    this.place += 1;
    return { from: bare(value), to: bare(last.value) };
  }

  call(written, depth) {
    if (!Object.hasOwn(NAMES, written) || !this.take("(")) fail();
    const inner = [this.level(0, depth + 1)];
    while (this.take(";", ",")) inner.push(this.level(0, depth + 1));
    return this.closed({ call: NAMES[written], inner });
  }

  closed(tree) {
    return this.take(")") ? tree : fail();
  }
}

export const numberOf = (text) => {
  const bare = text.replace(/[\s\u00a0\u202f]/g, "").replace(",", ".");
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(bare) ? Number(bare) : null;
};

export const say = (value) => (typeof value === "boolean" ? (value ? "TRUE" : "FALSE") : typeof value === "number" ? String(Math.round(value * 1e6) / 1e6) : value);
const need = (value) => (typeof value === "boolean" ? Number(value) : value === "" ? 0 : typeof value === "number" ? value : fail());

function compare(sign, left, right) {
  const texts = typeof left === "string" || typeof right === "string";
  const [a, b] = texts ? [say(left).toLowerCase(), say(right).toLowerCase()] : [need(left), need(right)];
  return { "=": a === b, "<>": a !== b, "<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b }[sign];
}

function meets(value, criterion) {
  const [, sign = "=", wanted] = /^(<=|>=|<>|<|>|=)?([^]*)$/.exec(say(criterion));
  const number = numberOf(wanted);
  if (number !== null && typeof value !== "string") return compare(sign, value, number);
  if (number !== null || (typeof value === "number" && !["=", "<>"].includes(sign))) return sign === "<>";
  return compare(sign, say(value), wanted);
}

function operate(sign, values) {
  if (sign === "&") return values.map(say).join("");
  if (LEVELS[0].includes(sign)) return compare(sign, ...values);
  const [a, b] = values.map(need);
  if (sign === "neg") return -a;
  if ((sign === "/" && b === 0) || (sign === "^" && !(Number.isInteger(b) && b >= 0 && b <= 20))) fail();
  const result = { "+": a + b, "-": a - b, "*": a * b, "/": a / b, "^": a ** b }[sign];
  return Math.abs(result) <= LARGEST ? result : fail();
}

export class Sheet {
  constructor(typed, commas = false) {
    Object.assign(this, { typed, commas, known: new Map(), waiting: new Set() });
  }

  /** What a cell shows. */
  text(cell) {
    try {
      return say(this.cell(cell));
    } catch (error) {
      if (error instanceof FormulaError || error instanceof RangeError) return "#";
      throw error;
    }
  }

  cell(cell) {
    if (this.known.has(cell)) return this.known.get(cell) ?? fail();
    if (this.waiting.has(cell)) fail();
    this.waiting.add(cell);
    let value = null;
    try {
      const typed = (this.typed(cell) ?? "").trim();
      value = typed.startsWith("=") ? this.formula(typed.slice(1)) : numberOf(typed) ?? typed;
    } finally {
      this.waiting.delete(cell);
      this.known.set(cell, value);
    }
    return value;
  }

  formula(text) {
    const reading = new Reading(tokens(text, this.commas));
    const tree = reading.level(0, 0);
    return reading.place < reading.found.length ? fail() : this.value(tree);
  }

  value(tree) {
    if (tree.from) fail();
    if (tree.call) return this[tree.call] ? this[tree.call](tree.inner) : operate(tree.call, tree.inner.map((inner) => this.value(inner)));
    if (tree.kind === "cell") return this.cell(tree.value);
    return tree.kind === "text" ? tree.value : Number(tree.value.replace(",", "."));
  }

  cells(tree) {
    if (!tree.from) return [this.value(tree)];
    const corner = (text) => [text.charCodeAt(0), Number(text.slice(1))];
    const [[c1, r1], [c2, r2]] = [corner(tree.from), corner(tree.to)];
    const found = [];
    for (let row = Math.min(r1, r2); row <= Math.max(r1, r2); row += 1) {
      for (let column = Math.min(c1, c2); column <= Math.max(c1, c2); column += 1) found.push(this.cell(`${String.fromCharCode(column)}${row}`));
    }
    return found;
  }

  numbers(inner) {
    return inner.flatMap((tree) => this.cells(tree)).filter((value) => typeof value === "number");
  }

  SUM(inner) { return this.numbers(inner).reduce((sum, value) => sum + value, 0); }
  AVERAGE(inner) { const found = this.numbers(inner); return found.length ? this.SUM(inner) / found.length : fail(); }
  COUNT(inner) { return this.numbers(inner).length; }
  COUNTA(inner) { return inner.flatMap((tree) => this.cells(tree)).filter((value) => value !== "").length; }
  MAX(inner) { return Math.max(...this.numbers(inner), ...(this.numbers(inner).length ? [] : [0])); }
  MIN(inner) { return Math.min(...this.numbers(inner), ...(this.numbers(inner).length ? [] : [0])); }

  COUNTIF([range, test, more]) { return more || !test ? fail() : this.cells(range).filter((value) => meets(value, this.value(test))).length; }

  SUMIF([range, test, added = range]) {
    const values = this.cells(added);
    return test ? this.cells(range).reduce((sum, value, index) => sum + (meets(value, this.value(test)) && typeof values[index] === "number" ? values[index] : 0), 0) : fail();
  }

  IF([test, yes, no]) {
    const held = this.value(test);
    if (typeof held === "string" || !yes) fail();
    return held ? this.value(yes) : no ? this.value(no) : false;
  }

  ROUND([value, digits]) {
    const scale = 10 ** (digits ? need(this.value(digits)) : 0);
    const number = need(this.value(value));
    return (Math.sign(number) * Math.round(Math.abs(number) * scale)) / scale;
  }
}
