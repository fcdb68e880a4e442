/** What is looked through for a field: its name, its titles, those of its group, and the bureau. */
const texts = data.fields.map(([coordinate, , , , title, group]) => {
  const named = group < 0 ? [] : data.groups[group].slice(1);
  return spelled([coordinate, title, ...named].join("\n"));
});

/** Written so that width of letters and case make no difference. */
function spelled(text) {
  return text.normalize("NFKC").toLowerCase();
}

/** Which fields hold every word that is typed; all of them where none is. */
function matching() {
  const words = spelled(element("field").value).split(/\s+/).filter(Boolean);
  const class_ = element("class").value;
  return data.fields.map((one, index) => one[0] !== EVERY
    && (class_ === "" || one[1] === class_) && words.every((word) => texts[index].includes(word)));
}

function covers(pattern, purpose) {
  return pattern === "" || pattern === purpose || (pattern.endsWith(".*") && purpose.startsWith(pattern.slice(0, -1)));
}

const HIDDEN = "does not exist";
/** What the filter of decisions leaves: by default everything but a use that the field does not have. */
function decides(chosen, decision) {
  return chosen === "all" || decision === chosen || (chosen === "" && decision !== HIDDEN);
}

/** What the filters leave. A row that holds for every field stands beside fields that were found, and never alone. */
function wanted() {
  const [use, reached, decision] = ["use", "reached", "decision"].map((id) => element(id).value);
  const fields = matching();
  const some = fields.includes(true);
  return {
    some,
    fields: data.fields.map((one, index) => (one[0] === EVERY ? some : fields[index])),
    use: use === "" ? undefined : data.uses.indexOf(use),
    reached: reached === "" ? undefined : data.reached.indexOf(reached),
    cells: data.cells.map((one) => decides(decision, one[0])),
    every: data.cells.map((one) => decides("all", one[0])),
    kind: element("kind").value,
    purpose: element("purpose").value,
  };
}

/** The pairs of kind and purpose that the filters leave. */
function pairsLeft(asked) {
  return data.pairs.flatMap((pair, index) =>
    (asked.kind === "" || pair[0] === asked.kind) && covers(asked.purpose, pair[1]) ? [index] : []);
}

function fits(asked, entry) {
  return asked.fields[entry.field]
    && (asked.use === undefined || entry.use === -1 || entry.use === asked.use)
    && (asked.reached === undefined || entry.use === -1 || entry.reached === asked.reached);
}

function option(value, text) {
  const made = make("option", text);
  made.value = value;
  return made;
}

function fill(id, options, all = "全部 · All") {
  element(id).append(option("", all), ...options);
}

function fillFilters() {
  fill("kind", data.kinds.map((one) => option(one[0], withName(one))));
  fill("purpose", data.branches.map((branch) => {
    const group = document.createElement("optgroup");
    group.label = both(branch);
    const leaves = data.purposes.filter((one) => one[0].startsWith(`${branch[0]}.`));
    group.append(option(`${branch[0]}.*`, `${branch[0]}.*`), ...leaves.map((one) => option(one[0], withName(one))));
    return group;
  }));
  const classes = new Set(data.fields.map((one) => one[1]).filter((name) => name !== ""));
  fill("class", [...classes].map((name) => option(name, `${data.classes[name]} (${name})`)));
  fill("use", data.uses.map((use) => option(use, useText(use))));
  fill("reached", data.reached.map((name) => option(name, REACHED[name])));
  fill("decision", [...Object.keys(DECISIONS).map((name) => option(name, DECISIONS[name])), option("all", "全部 · All")],
    "允许和拒绝 · allowed and denied");
  element("titles").append(...data.groups.flatMap((one) => [option(one[1], one[3]), option(one[2], one[4])]));
}
