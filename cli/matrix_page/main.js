/** Filters, views, pages and print. */

const SHOWN = 200;
const PRINTED = 2000;
let asked;
let found = [];
let summary = ["", ""];
let first = 0;

const view = () => document.querySelector("[name=view]:checked").value;

const VIEWS = {
  answer: () => {
    found = answers(asked);
    summary = [answerText(asked, found), ""];
  },
  pivot: () => {
    found = [];
    summary = [asked.some ? renderPivot(asked) : "", ""];
  },
  rows: () => {
    const all = decisionRows(asked);
    found = all.found;
    summary = rowsText(all);
  },
};

function render(from, most) {
  const part = found.slice(from, from + most);
  if (view() === "answer") {
    renderAnswers(part);
  } else if (view() === "rows") {
    renderRows(part, from);
  }
}

function search() {
  asked = wanted();
  VIEWS[view()]();
  first = 0;
  show();
}

/** The filters that a view has no use for are not shown with it. */
function show() {
  document.body.dataset.view = asked.some ? view() : "nothing";
  const last = Math.min(first + SHOWN, found.length);
  render(first, SHOWN);
  element("decisions").setAttribute("aria-rowcount", String(found.length + 1));
  element("counts").textContent = asked.some ? summary[0] : "";
  element("hidden").textContent = asked.some ? summary[1] : "";
  element("window").textContent = found.length === 0 ? "0" : `${number(first + 1)}–${number(last)}`;
  element("pages").hidden = found.length <= SHOWN;
  element("before").disabled = first === 0;
  element("after").disabled = last >= found.length;
  element("chosen").textContent = chosen();
  tell(asked.some ? "" : `没有这样的字段 · No such field: ${element("field").value}`
    + " — 可按中英文名称、字段名或部门查找 · search by a title in Chinese or English, a field's name or a bureau.");
  document.body.classList.remove("narrow");
}

function tell(text) {
  element("notice").textContent = text;
  element("notice").hidden = text === "";
}

/** The filters in words, as they are printed. */
function chosen() {
  const set = [...document.querySelectorAll("select, input[type=search]")].filter((one) => one.value !== "");
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
  tell(`${number(found.length)} 行过多，请先筛选至 ${number(PRINTED)} 行以内 · `
    + `too many rows to print: narrow them to ${number(PRINTED)} by the filters.`);
  document.body.classList.add("narrow");
  return false;
}

function printFound() {
  if (prepare()) {
    globalThis.print();
  }
}

// On a phone the filters beside the field are folded away: they would fill the first screen.
element("more").open = matchMedia("(min-width: 701px)").matches;
fillFilters();
element("filters").addEventListener("input", search);
element("filters").addEventListener("submit", (event) => event.preventDefault());
element("filters").addEventListener("reset", () => setTimeout(search));
element("before").addEventListener("click", () => turn(-SHOWN));
element("after").addEventListener("click", () => turn(SHOWN));
element("print").addEventListener("click", printFound);
element("close").addEventListener("click", () => element("detail").close());
addEventListener("beforeprint", prepare);
addEventListener("afterprint", show);
search();
