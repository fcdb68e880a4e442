"use strict";

const EVERY = "*";
const EVERY_FIELD = "全部字段 · every field";
const data = JSON.parse(document.getElementById("data").textContent);
const element = (id) => document.getElementById(id);
const number = (count) => count.toLocaleString("en");
const both = (named) => `${named[1]} · ${named[2]}`;
const withName = (named) => `${both(named)} (${named[0]})`;
const kinds = new Map(data.kinds.map((one) => [one[0], one]));
const purposes = new Map(data.purposes.map((one) => [one[0], one]));
const USES = {
  read: "读取", filter: "筛选", sort: "排序", aggregate: "汇总", exists: "探查", join_key: "关联", argument: "查找", derive: "推导",
};
const REACHED = { own: "本人 · the subject itself", asked: "直接查询 · asked for", ward: "被监护人 · a ward", person: "经由个人 · through a person", enterprise: "经由企业 · through an enterprise" };
const DECISIONS = { allowed: "✓ 允许 · allowed", denied: "✗ 拒绝 · denied", "does not exist": "– 无此用途 · does not exist" };
const CLASS_NAMES = { allowed: "allowed", denied: "denied", "does not exist": "none" };
const useText = (use) => `${USES[use] ?? ""} · ${use}`;
const counted = (count, noun) => `${number(count)} ${noun}${count === 1 ? "" : "s"}`;

/** A field by its number: its coordinate, class, sensitivity, disclosure, title and the number of its group. */
function fieldOf(fieldNumber) {
  const [coordinate, class_, sensitivity, disclosure, title, group] = data.fields[fieldNumber];
  return { coordinate, class_, sensitivity, disclosure, title, group };
}

/** A decision by its number. */
function cellOf(cellNumber) {
  const [decision, rule, reason, source, input] = data.cells[cellNumber];
  return { decision, rule, reason, source, input };
}

/** The rows of a pair, as {field, use, reached, cell}, each a number; a use of -1 stands for every use. */
function* entriesOf(tableNumber) {
  const table = data.tables[tableNumber];
  for (let offset = 0; offset < table.length; offset += 4) {
    yield { field: table[offset], use: table[offset + 1], reached: table[offset + 2], cell: table[offset + 3], offset };
  }
}

function make(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text ?? "";
  if (className) {
    made.className = className;
  }
  return made;
}
