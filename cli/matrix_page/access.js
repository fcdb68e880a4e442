/** Who may read what: for each pair and each group of fields, the fields that are open and the decisions behind it. */

const READ = data.uses.indexOf("read");

/** What a table says of each group that the filters leave: its fields, those that are allowed, and the entries. */
function accessOf(tableNumber, asked, known) {
  if (!known.has(tableNumber)) {
    known.set(tableNumber, computed(tableNumber, asked));
  }
  return known.get(tableNumber);
}

function computed(tableNumber, asked) {
  const found = new Map();
  const use = asked.use ?? READ;
  for (const entry of entriesOf(tableNumber)) {
    const { group } = fieldOf(entry.field);
    if (group < 0 || entry.use !== use || !fits(asked, entry) || cellOf(entry.cell).decision === HIDDEN) {
      continue;
    }
    if (!found.has(group)) {
      found.set(group, { fields: new Set(), allowed: new Set(), entries: [] });
    }
    const access = found.get(group);
    access.fields.add(entry.field);
    access.entries.push(entry);
    if (cellOf(entry.cell).decision === "allowed") {
      access.allowed.add(entry.field);
    }
  }
  return found;
}

/** The refusal of a pair as a whole, if there is one: every field and use of it. */
function wholeRefusal(pairNumber) {
  const [entry] = entriesOf(data.pairs[pairNumber][2]);
  return entry.use === -1 ? entry : undefined;
}

/** Every answer that the filters leave: a pair that may use some field of a group, group by group. */
function answers(asked) {
  const known = new Map();
  const byGroup = new Map(data.groups.map((_, index) => [index, []]));
  for (const pair of pairsLeft(asked)) {
    for (const [group, access] of accessOf(data.pairs[pair][2], asked, known)) {
      if (access.allowed.size > 0) {
        byGroup.get(group).push({ pair, group, access });
      }
    }
  }
  return [...byGroup.values()].flat();
}

/** The groups of the fields that the filters leave. */
function groupsLeft(asked) {
  const left = new Set(data.fields.flatMap((one, index) => (asked.fields[index] && one[5] >= 0 ? [one[5]] : [])));
  return data.groups.flatMap((_, index) => (left.has(index) ? [index] : []));
}

/** For a purpose and a group: what each of the kinds that the filters leave may use of it. */
function pivot(asked) {
  const known = new Map();
  const found = new Map();
  for (const pair of pairsLeft(asked)) {
    const row = found.get(data.pairs[pair][1]) ?? { pairs: [], groups: new Map() };
    row.pairs.push(pair);
    for (const [group, access] of accessOf(data.pairs[pair][2], asked, known)) {
      row.groups.set(group, [...(row.groups.get(group) ?? []), { pair, group, access }]);
    }
    found.set(data.pairs[pair][1], row);
  }
  return found;
}
