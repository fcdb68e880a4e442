/** The table of every decision, one row each. */

/** The rows that the filters leave, each as [pair, offset in its table]; and how many of each decision. */
function decisionRows(asked) {
  const found = [];
  const counts = { allowed: 0, denied: 0, [HIDDEN]: 0 };
  let hidden = 0;
  for (const pair of pairsLeft(asked)) {
    for (const entry of entriesOf(data.pairs[pair][2])) {
      if (!fits(asked, entry)) {
        continue;
      }
      const { decision } = cellOf(entry.cell);
      if (asked.cells[entry.cell]) {
        found.push([pair, entry]);
        counts[decision] += 1;
      } else if (decision === HIDDEN) {
        hidden += 1;
      }
    }
  }
  return { found, counts, hidden };
}

function cell(text, small, name) {
  const made = make("td", text, name);
  if (small) {
    made.append(make("small", small));
  }
  return made;
}

function row([pairNumber, entry], position) {
  const [kind, purpose] = data.pairs[pairNumber];
  const { coordinate, class_, sensitivity, disclosure, title } = fieldOf(entry.field);
  const { decision, rule, reason, source, input } = cellOf(entry.cell);
  const made = document.createElement("tr");
  made.setAttribute("aria-rowindex", String(position + 2));
  made.append(
    cell(kinds.get(kind)[1], `${kinds.get(kind)[2]} (${kind})`),
    cell(purposes.get(purpose)[1], `${purposes.get(purpose)[2]} (${purpose})`),
    cell(coordinate === EVERY ? EVERY_FIELD : title, coordinate),
    cell(data.classes[class_], [class_, sensitivity, disclosure].filter(Boolean).join(", ")),
    cell(entry.use === -1 ? "全部 · every" : useText(data.uses[entry.use])),
    cell(entry.use === -1 ? "全部 · every" : REACHED[data.reached[entry.reached]]),
    cell(DECISIONS[decision], "", CLASS_NAMES[decision]),
    cell(rule, input && `推导依据 · because of: ${input}`),
    cell(reason, source),
  );
  return made;
}

function renderRows(found, from) {
  element("rows").replaceChildren(...found.map((one, index) => row(one, from + index)));
}

function rowsText({ found, counts, hidden }) {
  const parts = Object.keys(counts).map((name) => `${DECISIONS[name]}: ${number(counts[name])}`);
  const rest = hidden === 0 ? "" : ` 未显示“无此用途” · rows that say “does not exist” and are not shown: ${number(hidden)}`;
  return [`共 ${number(found.length)} 行 · rows; ${parts.join("; ")}`, rest];
}
