/** The rule, the reason and the source of what was pressed. */

function fact(label, ...texts) {
  const made = document.createElement("div");
  const value = document.createElement("dd");
  value.append(...texts.flatMap((text, index) => (index === 0 ? [text] : [document.createElement("br"), text])));
  made.append(make("dt", label), value);
  return made;
}

function list(...facts) {
  const made = document.createElement("dl");
  made.append(...facts);
  return made;
}

/** The entries of an answer, one block for each decision: what it decides and which fields it decides so. */
function decisionBlocks(entries) {
  const byCell = new Map();
  for (const entry of entries) {
    byCell.set(entry.cell, [...(byCell.get(entry.cell) ?? []), entry]);
  }
  return [...byCell].map(([cellNumber, alike]) => {
    const { decision, rule, reason, source, input } = cellOf(cellNumber);
    const block = make("section", "", CLASS_NAMES[decision]);
    block.append(make("h3", DECISIONS[decision]), list(
      fact("规则 · Rule", make("code", rule)),
      fact("理由 · Reason", reason),
      fact("依据 · Source", source || "–"),
      ...(input ? [fact("推导依据 · Because of", input)] : []),
      fact("字段 · Fields", ...alike.map(fieldText)),
    ));
    return block;
  });
}

function fieldText({ field, use, reached }) {
  if (use === -1) {
    return EVERY_FIELD;
  }
  const { coordinate, title } = fieldOf(field);
  const way = ["ward", "person", "enterprise"].includes(data.reached[reached]) ? `, ${REACHED[data.reached[reached]]}` : "";
  return `${title} (${coordinate}, ${useText(data.uses[use])}${way})`;
}

function asker(pairNumber) {
  const [kind, purpose] = data.pairs[pairNumber];
  const [who, what] = [kinds.get(kind), purposes.get(purpose)];
  return list(
    fact("谁 · Who", withName(who), `依据 · basis: ${who[3]}`),
    fact("目的 · For what", withName(what), `依据 · basis: ${what[3]}`),
  );
}

/** Open the panel on answers of one purpose and group, each of another kind; or on refusals as a whole. */
function openDetail(title, found, refusals) {
  element("detail-title").textContent = title;
  const blocks = found.flatMap(({ pair, access }) => [asker(pair), ...decisionBlocks(access.entries)]);
  const refused = refusals.flatMap((pair) => {
    const entry = wholeRefusal(pair);
    return entry ? [asker(pair), ...decisionBlocks([entry])] : [];
  });
  element("detail-body").replaceChildren(...blocks, ...refused);
  element("detail").showModal();
  element("detail-body").scrollTop = 0;
}

function opener(text, small, title, found, refusals = []) {
  const made = make("button", text);
  made.type = "button";
  if (small) {
    made.append(make("small", small));
  }
  made.addEventListener("click", () => openDetail(title, found, refusals));
  return made;
}
