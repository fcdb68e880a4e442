/** The table of purposes by groups of fields: how much of each group is open for each purpose. */

/** The answer of the kind that may use most of the group. */
function widest(found) {
  return found.reduce((most, one) => (one.access.allowed.size > most.access.allowed.size ? one : most));
}

function pivotCell(purpose, group, row) {
  const made = document.createElement("td");
  const found = row.groups.get(group);
  const title = `${groupTitle(group)} — ${both(purposes.get(purpose))}`;
  if (found === undefined) {
    made.className = "denied";
    made.append(named(opener("✗", "", title, [], row.pairs), `${title}: 拒绝 · denied`));
    return made;
  }
  const { access } = widest(found);
  const [open, all] = [access.allowed.size, access.fields.size];
  made.className = open === 0 ? "denied" : open === all ? "allowed" : "partly";
  const text = open === 0 ? "✗" : open === all ? "✓" : `${open}/${all}`;
  // Kinds that may not hold the purpose are named where nobody may use the group: there they are the reason.
  made.append(named(opener(text, "", title, found, open === 0 ? row.pairs : []), `${title}: ${open}/${all} 字段 · fields`));
  return made;
}

function named(button, label) {
  button.setAttribute("aria-label", label);
  return button;
}

function pivotHead(groups) {
  const made = document.createElement("tr");
  made.append(Object.assign(make("th", "目的 · Purpose"), { scope: "col" }));
  for (const group of groups) {
    const [, zh, en] = data.groups[group];
    const head = Object.assign(make("th"), { scope: "col" });
    const turned = make("span", zh);
    turned.append(make("small", en));
    head.append(turned);
    made.append(head);
  }
  return made;
}

function branchRow(branch, width) {
  const made = make("tr", "", "branch");
  made.append(Object.assign(make("th", both(branch)), { colSpan: width, scope: "rowgroup" }));
  return made;
}

function renderPivot(asked) {
  const groups = groupsLeft(asked);
  const found = pivot(asked);
  element("pivot-head").replaceChildren(pivotHead(groups));
  const rows = data.branches.flatMap((branch) => {
    const leaves = [...found.keys()].filter((name) => name.slice(0, name.lastIndexOf(".")) === branch[0]);
    return leaves.length === 0 ? [] : [branchRow(branch, groups.length + 1), ...leaves.map((name) => purposeRow(name, groups, found.get(name)))];
  });
  element("pivot-rows").replaceChildren(...rows);
  return `${found.size} 个目的 × ${groups.length} 组字段 · ${counted(found.size, "purpose")} × ${counted(groups.length, "group")} of fields`;
}

function purposeRow(name, groups, row) {
  const made = document.createElement("tr");
  const head = Object.assign(make("th", purposes.get(name)[1]), { scope: "row" });
  head.append(make("small", purposes.get(name)[2]));
  made.append(head, ...groups.map((group) => pivotCell(name, group, row)));
  return made;
}
