"use strict";
// What the charts show: lines of this setting, of the baseline and of kept ones, as levels or as changes, until a year.

const MOST_KEPT = 3;
const kept = []; // {name, says, query, lines}
let known = { responses: {}, bands: [] }; // what the program knew beforehand
let baseline = null; // {key: values}

// The lines of a setting from responses that were solved beforehand, straight between them; null where some are missing.
function predicted() {
  if (!baseline) return null;
  const found = Object.fromEntries(Object.entries(baseline).map(([key, values]) => [key, [...values]]));
  for (const c of movedControls()) {
    const between = around([[c.start, null], ...(known.responses[c.name] || [])].sort((a, b) => a[0] - b[0]), value(c));
    if (!between) return null;
    for (const [share, response] of between) {
      if (response) for (const [key, changes] of Object.entries(response)) changes.forEach((change, t) => { found[key][t] += share * change; });
    }
  }
  return found;
}

// The knots on both sides of a number with their weights.
function around(knots, number) {
  const exact = knots.find(([at]) => at === number);
  if (exact) return [[1, exact[1]]];
  const above = knots.findIndex(([at]) => at > number);
  if (above < 1) return null;
  const [[low, before], [high, after]] = [knots[above - 1], knots[above]];
  const share = (number - low) / (high - low);
  return [[1 - share, before], [share, after]];
}

function changesShown() {
  const mode = $("mode").value;
  return mode === "changes" || (mode === "auto" && (query().size > 0 || kept.length > 0));
}

function reference() {
  const chosen = $("against").value;
  return chosen === "baseline" ? baseline : kept.find((k) => k.name === chosen).lines;
}

function change(values, from, unit) {
  return values.map((v, t) => (unit === "%" ? 100 * (v / from[t] - 1) : v - from[t]));
}

// The band over draws of a line: of the baseline's level, or of what a preset changes; null for other settings.
function bandOf(key, changes, count) {
  if (!$("bands").checked || (changes && $("against").value !== "baseline")) return null;
  if (document.body.classList.contains("refused")) return null; // the lines are those of another setting
  const asked = ({ settings }) => (changes ? query().size > 0 && isSetting(settings) : Object.keys(settings).length === 0);
  const found = known.bands.find(asked);
  return found ? found[changes ? "changes" : "levels"][key].map((values) => values.slice(0, count)) : null;
}

// Charts as `drawChart` takes them, from the lines of the setting and what is said of it.
function chartsOf(specs, lines, quarters, says) {
  const count = quarters.filter((label) => Number(label.slice(0, 4)) <= Number($("until").value)).length;
  const changes = changesShown();
  return specs.map((spec) => ({
    title: spec.title,
    unit: changes ? `${spec.change}, change from ${$("against").selectedOptions[0].textContent}` : spec.unit,
    changes,
    says: [`this setting: ${says}`, ...kept.map((k) => `${k.name}: ${k.says}`)],
    lines: spec.lines.flatMap((line, i) => drawnLines(spec, line, i, lines, changes, count)),
  }));
}

function drawnLines(spec, line, i, lines, changes, count) {
  const cut = (values) => values.slice(0, count);
  const of = (all) => cut(changes ? change(all[line.key], reference()[line.key], spec.change) : all[line.key]);
  const name = (whose) => (spec.lines.length > 1 ? `${line.name}, ${whose}` : whose);
  const band = bandOf(line.key, changes, count);
  const base = changes ? [] : [{ name: name("baseline"), values: of(baseline), color: i, style: "baseline", band }];
  const others = kept.map((k, n) => ({ name: name(k.name), values: of(k.lines), color: i, style: `kept k${n}` })).filter((_, n) => !changes || $("against").value !== kept[n].name);
  return [...base, ...others, { name: name("this setting"), values: of(lines), color: i, style: "", band: changes ? band : null }];
}
