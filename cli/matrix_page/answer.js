/** The table of three columns: who may use the fields that were found, for what, and by which law. */

const groupTitle = (group) => both(data.groups[group]);

function lawOf(access) {
  const allowed = access.entries.map((entry) => cellOf(entry.cell)).filter((cell) => cell.decision === "allowed");
  const sources = [...new Set(allowed.map((cell) => cell.source))];
  const rules = [...new Set(allowed.map((cell) => cell.rule))];
  return [sources.join("；"), rules.join(", ")];
}

function answerRow(answer) {
  const { pair, group, access } = answer;
  const [kind, purpose] = data.pairs[pair];
  const [who, what] = [kinds.get(kind), purposes.get(purpose)];
  const [source, rules] = lawOf(access);
  const title = `${groupTitle(group)} — ${both(what)}`;
  const part = `${access.allowed.size}/${access.fields.size} 字段 · fields; ${rules}`;
  const made = document.createElement("tr");
  for (const [text, small] of [[who[1], who[2]], [what[1], what[2]], [source, part]]) {
    const cell = document.createElement("td");
    cell.append(opener(text, small, title, [answer]));
    made.append(cell);
  }
  return made;
}

function groupRow(group) {
  const [code, zh, en, bureau, bureauEn] = data.groups[group];
  const made = document.createElement("tr");
  const head = make("th", `${zh} · ${en}`);
  head.append(make("small", `${bureau}${bureauEn && ` · ${bureauEn}`} · ${code}`));
  head.colSpan = 3;
  head.scope = "rowgroup";
  made.append(head);
  return made;
}

function renderAnswers(found) {
  let above;
  element("answers").replaceChildren(...found.flatMap((answer) => {
    const head = answer.group === above ? [] : [groupRow(answer.group)];
    above = answer.group;
    return [...head, answerRow(answer)];
  }));
}

/** In words what was found, so that an empty table is not read as a refusal. */
function answerText(asked, found) {
  const groups = groupsLeft(asked);
  const fields = asked.fields.filter((left, index) => left && data.fields[index][0] !== EVERY).length;
  const use = data.uses[asked.use ?? READ];
  const about = `${USES[use]} ${number(fields)} 个字段（${groups.length} 组）`;
  const inEnglish = `To ${use} ${counted(fields, "field")} of ${counted(groups.length, "group")}`;
  if (found.length === 0) {
    return `${about}：在所选范围内无人可用。 · ${inEnglish}: nobody may, within these filters.`;
  }
  const [who, what] = [0, 1].map((at) => new Set(found.map(({ pair }) => data.pairs[pair][at])).size);
  return `${about}：${who} 类主体，${what} 个目的。 · ${inEnglish}: ${counted(who, "kind")} of caller, ${counted(what, "purpose")}.`;
}
