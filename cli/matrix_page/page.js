"use strict";

const SHOWN = 200;
const PRINTED = 2000;
const EVERY = "*";
const data = JSON.parse(document.getElementById("data").textContent);
const element = (id) => document.getElementById(id);
const both = (named) => `${named[1]} · ${named[2]} (${named[0]})`;
const kinds = new Map(data.kinds.map((one) => [one[0], one]));
const purposes = new Map(data.purposes.map((one) => [one[0], one]));
const USES = {
  read: "读取", filter: "筛选", sort: "排序", aggregate: "汇总", exists: "探查", join_key: "关联", argument: "查找", derive: "推导",
};
const REACHED = { own: "本人 · the subject itself", asked: "直接查询 · asked for", person: "经由个人 · through a person", enterprise: "经由企业 · through an enterprise" };
const DECISIONS = { allowed: "✓ 允许 · allowed", denied: "✗ 拒绝 · denied", "does not exist": "– 无此用途 · does not exist" };
const CLASS_NAMES = { allowed: "allowed", denied: "denied", "does not exist": "none" };
const useText = (use) => (use === EVERY ? EVERY : `${USES[use] ?? ""} · ${use}`);

/** The rows that the filters leave, each as [pair, offset in its table]; and how many of each decision. */
let found = [];
let counts = {};
let first = 0;

function option(value, text) {
  const made = document.createElement("option");
  made.value = value;
  made.textContent = text;
  return made;
}

function fill(id, options) {
  element(id).append(option("", "全部 · All"), ...options);
}

function fillFilters() {
  fill("kind", data.kinds.map((one) => option(one[0], both(one))));
  fill("purpose", data.branches.map((branch) => {
    const group = document.createElement("optgroup");
    group.label = `${branch[1]} · ${branch[2]}`;
    const leaves = data.purposes.filter((one) => one[0].startsWith(`${branch[0]}.`));
    group.append(option(`${branch[0]}.*`, `${branch[0]}.*`), ...leaves.map((one) => option(one[0], both(one))));
    return group;
  }));
  const classes = new Set(data.fields.map((one) => one[1]).filter((name) => name !== ""));
  fill("class", [...classes].map((name) => option(name, name)));
  fill("use", data.uses.map((use) => option(use, useText(use))));
  fill("reached", data.reached.map((name) => option(name, REACHED[name])));
  fill("decision", Object.keys(DECISIONS).map((name) => option(name, DECISIONS[name])));
}

function covers(pattern, purpose) {
  return pattern === "" || pattern === purpose || (pattern.endsWith(".*") && purpose.startsWith(pattern.slice(0, -1)));
}

/** Which numbers of fields, uses and cells the filters leave; a row for every field stands for each of them. */
function wanted() {
  const text = element("field").value.trim().toLowerCase();
  const [class_, use, reached, decision] = ["class", "use", "reached", "decision"].map((id) => element(id).value);
  return {
    fields: data.fields.map((one) =>
      one[0] === EVERY || ((class_ === "" || one[1] === class_) && one[0].toLowerCase().includes(text))),
    use: use === "" ? undefined : data.uses.indexOf(use),
    reached: reached === "" ? undefined : data.reached.indexOf(reached),
    cells: data.cells.map((one) => decision === "" || one[0] === decision),
  };
}

function search() {
  const asked = wanted();
  const [kind, purpose] = [element("kind").value, element("purpose").value];
  found = [];
  counts = { allowed: 0, denied: 0, "does not exist": 0 };
  data.pairs.forEach((pair, number) => {
    if ((kind !== "" && pair[0] !== kind) || !covers(purpose, pair[1])) {
      return;
    }
    const table = data.tables[pair[2]];
    for (let offset = 0; offset < table.length; offset += 4) {
      const use = table[offset + 1];
      if (asked.fields[table[offset]] && asked.cells[table[offset + 3]]
        && (asked.use === undefined || use === -1 || use === asked.use)
        && (asked.reached === undefined || use === -1 || table[offset + 2] === asked.reached)) {
        found.push([number, offset]);
        counts[data.cells[table[offset + 3]][0]] += 1;
      }
    }
  });
  first = 0;
  show();
}

function cell(text, small, name) {
  const made = document.createElement("td");
  made.append(text);
  if (small) {
    made.append(Object.assign(document.createElement("small"), { textContent: small }));
  }
  if (name) {
    made.className = name;
  }
  return made;
}

function row([number, offset], position) {
  const [kind, purpose, tableNumber] = data.pairs[number];
  const [fieldNumber, use, reached, cellNumber] = data.tables[tableNumber].slice(offset, offset + 4);
  const [field, class_, sensitivity, disclosure] = data.fields[fieldNumber];
  const [decision, rule, reason, source, input] = data.cells[cellNumber];
  const made = document.createElement("tr");
  made.setAttribute("aria-rowindex", String(position + 2));
  const [, kindZh, kindEn] = kinds.get(kind);
  const [, purposeZh, purposeEn] = purposes.get(purpose);
  made.append(
    cell(kind, `${kindZh} · ${kindEn}`),
    cell(purpose, `${purposeZh} · ${purposeEn}`),
    cell(field),
    cell(class_, [sensitivity, disclosure].filter(Boolean).join(", ")),
    cell(useText(use === -1 ? EVERY : data.uses[use])),
    cell(use === -1 ? EVERY : REACHED[data.reached[reached]]),
    cell(DECISIONS[decision], "", CLASS_NAMES[decision]),
    cell(rule, input && `推导依据 · because of: ${input}`),
    cell(reason, source),
  );
  return made;
}

function render(from, most) {
  element("rows").replaceChildren(...found.slice(from, from + most).map((one, index) => row(one, from + index)));
}

function show() {
  const last = Math.min(first + SHOWN, found.length);
  render(first, SHOWN);
  document.querySelector("table").setAttribute("aria-rowcount", String(found.length + 1));
  const parts = Object.keys(counts).map((name) => `${DECISIONS[name]}: ${counts[name].toLocaleString("en")}`);
  element("counts").textContent = `共 ${found.length.toLocaleString("en")} 行 · rows; ${parts.join("; ")}`;
  element("window").textContent = found.length === 0 ? "0" : `${(first + 1).toLocaleString("en")}–${last.toLocaleString("en")}`;
  element("before").disabled = first === 0;
  element("after").disabled = last >= found.length;
  element("chosen").textContent = chosen();
  element("notice").hidden = true;
  document.body.classList.remove("narrow");
}

/** The filters in words, as they are printed. */
function chosen() {
  const set = [...document.querySelectorAll("select, input")].filter((one) => one.value !== "");
  const said = set.map((one) => `${one.labels[0].textContent}: ${one.selectedOptions?.[0].textContent ?? one.value}`);
  return `筛选 · Filters: ${said.length === 0 ? "无 · none" : said.join("; ")}`;
}

function turn(by) {
  first = Math.max(0, first + by);
  show();
  element("region").scrollTop = 0;
}

/** All rows are printed where they are few enough to be read; else the page says so. */
function prepare() {
  if (found.length <= PRINTED) {
    render(0, PRINTED);
    return true;
  }
  element("notice").textContent = `${found.length.toLocaleString("en")} 行过多，请先筛选至 ${PRINTED.toLocaleString("en")} 行以内 · `
    + `too many rows to print: narrow them to ${PRINTED.toLocaleString("en")} by the filters.`;
  element("notice").hidden = false;
  document.body.classList.add("narrow");
  return false;
}

function printFound() {
  if (prepare()) {
    globalThis.print();
  }
}

fillFilters();
element("filters").addEventListener("input", search);
element("filters").addEventListener("submit", (event) => event.preventDefault());
element("filters").addEventListener("reset", () => setTimeout(search));
element("before").addEventListener("click", () => turn(-SHOWN));
element("after").addEventListener("click", () => turn(SHOWN));
element("print").addEventListener("click", printFound);
addEventListener("beforeprint", prepare);
addEventListener("afterprint", show);
search();
