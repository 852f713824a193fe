"use strict";
// Every move is drawn at once from what is known beforehand, then solved: one request at a time, and the newest wins.

const WINDOW = Math.random().toString(36).slice(2);
const SETTLED = 500; // milliseconds without a move before the horizon is checked
const AGAIN = 1000; // milliseconds before a busy or lost server is asked again
const LEARN = 4000; // milliseconds between looks at what the program has found out in the meantime
const HEADLINE = { gdp_real: ["GDP", "%"], unemployment: ["unemployment", "points"], "wage[low]": ["low-skilled wage", "%"], interconnection_rent: ["rent of a connection", "c/kWh"] };
const LETTERS = ["A", "B", "C"]; // names of kept settings
const HEADLINE_YEARS = [2027, 2030, 2035];
let program = ""; // its economy and its code, under which a reload of this window finds the kept settings
let overrides = ""; // with which it was started
let specs = [];
let quarters = [];
let lines = null; // of the last answer, certified or predicted
let says = ""; // of which setting they are, in words
let figures = [];
let asking = false;
let moved = false;
let timer = 0;
let shown = false; // is a certified answer on the page?
let solved = null; // {lines, says} of the last certified answer
let pending = false; // has the setting moved since that answer?
let checked = false; // has the last answer been solved past its horizon?
let keeping = false; // is this setting kept once it is certified and checked?
let addressSays = ""; // what of the address could not be taken

function changed() {
  const text = query().toString();
  $("scenario").href = `/scenario?${text}`;
  $("data").href = `/data?${text}`;
  presetShown();
  moved = pending = true;
  checked = false;
  keepLater(false);
  clearTimeout(timer);
  addressSays = "";
  $("certificate").textContent = $("flags").textContent = "";
  document.body.classList.add("unanswered");
  const guess = shown || query().size > 0 ? predicted() : null; // an unmoved page shows what was stored
  if (guess) showPredicted(guess);
  else if (!document.body.classList.contains("stored")) showEarlier();
  if (!asking) ask(false);
}

function showPredicted(guess) {
  document.body.classList.remove("refused");
  document.body.classList.add("predicted");
  show({ lines: guess, says: `${settingInWords()}; predicted, not certified` });
  $("said").textContent = "Predicted from settings that were solved before; this one is being solved.";
}

function showEarlier() {
  document.body.classList.remove("predicted");
  if (shown) show(solved);
  $("headline").textContent = "";
  $("said").textContent = `This setting is being solved${shown ? "; what you see is the one before" : ""}.`;
}

// The answer to a query; a program that has been started with another economy or other code since has another page.
async function solve(asked) {
  const answer = await (await fetch(`/solve?${asked}`)).json();
  if (answer.program && programOf(answer) !== program) {
    location.reload();
    await new Promise(() => {});
  }
  return answer;
}

function programOf(told) {
  return `${told.caption} ${told.program}`;
}

async function ask(beyond) {
  asking = true;
  moved = false;
  document.body.classList.add("solving");
  const asked = query();
  const nothingMoved = asked.size === 0;
  asked.set("window", WINDOW);
  if (beyond) asked.set("beyond", "yes");
  let wait = 0;
  let answer = null;
  try {
    answer = await solve(asked);
  } catch {
    refuse("the program does not answer and may have ended");
    wait = AGAIN;
  }
  if (answer) {
    if (answer.status === "certified") {
      if (nothingMoved) baseline = answer.lines;
      if (!moved) certified(answer, beyond);
    } else if (answer.status === "busy") wait = AGAIN;
    else if (answer.status === "refused" && beyond) withdraw(answer.reason);
    else if (answer.status !== "superseded" && !moved) refuse(answer.reason);
    if (answer.status === "certified" && !answer.checked && !moved) timer = setTimeout(() => asking || ask(true), SETTLED);
  }
  asking = false;
  if (moved) ask(false);
  else if (wait) timer = setTimeout(() => asking || ask(false), wait);
  else document.body.classList.remove("solving");
}

function certified(answer, beyond) {
  shown = true;
  document.body.classList.remove("refused", "predicted", "stored");
  checked = answer.checked;
  const c = answer.certificate;
  const horizon = answer.checked ? `horizon check ${power(c.horizon_gap)}` : "horizon check running";
  $("certificate").textContent =
    `Certified: residual ${power(c.max_residual)}, goods market ${power(c.walras)}, both sides of GDP ${power(c.gdp_identity)}, ` +
    `${c.stable_roots} of ${c.predetermined} stable roots, ${horizon}.`;
  flagsShown(answer.flags);
  if (!beyond) showCertified(answer);
  if (keeping && checked) keep();
}

function showCertified(answer) {
  document.body.classList.remove("unanswered");
  const found = answer.moved ? ` To hit its targets it moves ${answer.moved}.` : "";
  $("said").textContent = `${describedWithNumbers(answer.description)}${found} Solved and certified in ${Number(answer.seconds.toPrecision(2))} s.`;
  quarters = answer.quarters;
  pending = false;
  solved = { lines: answer.lines, says: settingInWords() };
  show(solved);
  numbersShown(answer.numbers);
}

function flagsShown(flags) {
  $("flags").textContent = [addressSays, flags.length ? `Flag: ${flags.join("; ")}.` : ""].filter(Boolean).join(" ");
}

function numbersShown(numbers) {
  const anyPolicy = movedPolicies().length > 0;
  $("numbers-says").textContent = anyPolicy ? differencesFrom() : nothingMoved();
  $("numbers").replaceChildren(...(anyPolicy ? [head(numbers), body(numbers.rows)] : []));
}

function differencesFrom() {
  const from = movedNumbers().length ? "the baseline with these numbers of the economy, not from the dotted line," : "the baseline";
  return `Differences from ${from} after so many quarters, as in table.csv of a run.`;
}

function nothingMoved() {
  return `Nothing: no policy is moved.${movedNumbers().length ? " The charts show what the numbers of the economy change." : ""}`;
}

// The baseline that was stored, until the program has solved its own.
function stored(message) {
  document.body.classList.add("stored");
  quarters = message.quarters;
  baseline = message.lines;
  if (query().size === 0) {
    show({ lines: baseline, says: settingInWords() });
    numbersShown(message.numbers);
  }
  $("said").textContent = "A stored baseline, certified when it was made; the program is starting and solves it again.";
}

function show(found) {
  ({ lines, says } = found);
  draw();
  $("headline").textContent = headline();
}

function draw() {
  if (!lines || !baseline) return;
  const wanted = specs.filter((spec, i) => $(`outcome-${i}`).checked);
  const picture = $("tables").checked ? (chart, at) => drawTable(chart, at) : (chart, at) => drawChart(chart, at, hover);
  const charts = chartsOf(wanted, lines, quarters, says);
  const until = quarters.slice(0, charts.length ? charts[0].lines[0].values.length : 0);
  replaceFigures(charts.map((chart) => picture(chart, until)));
}

// The keyboard stays where it is in the charts.
function replaceFigures(drawn) {
  const before = document.activeElement;
  const at = figures.findIndex((figure) => figure.contains(before));
  figures = drawn;
  $("charts").replaceChildren(...figures);
  const after = figures[at]?.querySelector(before.localName);
  if (!after) return;
  after.focus({ preventScroll: true });
  if (before.at === undefined) return;
  after.at = before.at;
  hover(after.at);
}

function hover(t) {
  figures.forEach((figure) => figure.point(t));
}

function headline() {
  if (!baseline || query().size === 0) return "";
  const parts = Object.entries(HEADLINE).map(([key, [name, unit]]) => `${name} ${HEADLINE_YEARS.map((year) => signed(mean(change(lines[key], baseline[key], unit), year))).join(", ")} ${unit}`);
  return `Change from the baseline in ${HEADLINE_YEARS.join(", ")}: ${parts.join("; ")}.`;
}

function mean(values, year) {
  const first = quarters.indexOf(`${year}Q1`);
  return values.slice(first, first + 4).reduce((sum, v) => sum + v, 0) / 4;
}

function refuse(reason) {
  const predictedShown = document.body.classList.contains("predicted");
  document.body.classList.add("refused");
  document.body.classList.remove("predicted");
  keepLater(false);
  if (shown) show(solved);
  else if (predictedShown) clear();
  $("headline").textContent = "";
  $("said").textContent = `Not solved: ${reason}. ${shown ? "What you see is the last setting that has a solution." : ""}`;
}

// The last answer has lost its certificate.
function withdraw(reason) {
  shown = false;
  solved = null;
  if (moved) return;
  clear();
  refuse(reason);
}

function clear() {
  lines = null;
  for (const id of ["charts", "numbers", "numbers-says", "certificate"]) $(id).replaceChildren();
  flagsShown([]);
}

function cell(kind, text, scope) {
  const node = make(kind, { textContent: text });
  if (scope) node.scope = scope;
  return node;
}

function head(numbers) {
  return make("thead", {}, make("tr", {}, cell("th", "Outcome", "col"), cell("th", "in", "col"), ...numbers.dates.map((date) => cell("th", date, "col"))));
}

function body(rows) {
  return make("tbody", {}, ...rows.map((r) => {
    const name = cell("th", r.name, "row");
    name.dataset.outcome = r.outcome;
    return make("tr", {}, name, cell("td", r.unit), ...r.values.map((v) => cell("td", v)));
  }));
}

// Up to three settings stay on the page beside the one that moves, each checked past its horizon.
function keep() {
  if (!lines || kept.length === MOST_KEPT || document.body.classList.contains("refused")) return;
  keepLater(pending || !checked);
  if (keeping && !pending && !asking) { clearTimeout(timer); ask(true); }
  if (keeping) return;
  const letter = LETTERS.find((l) => !kept.some((k) => k.name === l));
  kept.push({ name: letter, says: settingInWords(), query: query().toString(), lines });
  keptShown();
}

function keepLater(wanted) {
  keeping = wanted;
  $("keep").textContent = wanted ? "Keeps it once checked" : "Keep to compare";
}

function keptShown() {
  sessionStorage.setItem(program, JSON.stringify(kept));
  const chosen = $("against").value;
  $("keep").disabled = kept.length === MOST_KEPT;
  $("against").replaceChildren(make("option", { value: "baseline", textContent: "the baseline" }), ...kept.map((k) => make("option", { value: k.name, textContent: `setting ${k.name}` })));
  $("against").value = kept.some((k) => k.name === chosen) ? chosen : "baseline";
  $("kept").replaceChildren(...kept.map((k, n) => {
    const back = make("button", { type: "button", textContent: `${k.name}: ${k.says}`, title: "Back to this setting" });
    back.addEventListener("click", () => { goTo(`/${k.query ? `?${k.query}` : ""}`); fromAddress(); });
    const away = make("button", { type: "button", textContent: "remove" });
    away.setAttribute("aria-label", `Remove setting ${k.name}`);
    away.addEventListener("click", () => { kept.splice(n, 1); keptShown(); });
    return make("li", { className: `kept k${n}` }, back, away);
  }));
  draw();
}

function fromAddress() {
  const problems = readAddress();
  changed();
  addressSays = problems.length ? `Of the address: ${problems.join("; ")}.` : "";
  flagsShown([]);
}

async function learn() {
  const told = await (await fetch("/nearby")).json();
  known = told;
  if (told.message && !shown) stored(told.message);
  const missing = controls.some((c) => !(c.name in told.responses));
  if (missing) setTimeout(learn, LEARN);
}

function outcomesToChoose() {
  $("outcomes").replaceChildren(...specs.map((spec, i) => {
    const box = make("input", { type: "checkbox", id: `outcome-${i}`, checked: true });
    box.addEventListener("change", draw);
    return make("label", { htmlFor: box.id }, box, ` ${spec.title}`);
  }));
}

function listenToControls() {
  addEventListener("popstate", fromAddress);
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "z") { event.preventDefault(); $("undo").click(); }
  });
  for (const id of ["mode", "against", "until", "bands", "tables"]) $(id).addEventListener("change", draw);
  $("controls").addEventListener("submit", (event) => event.preventDefault());
  $("controls").addEventListener("reset", (event) => {
    event.preventDefault();
    controls.forEach((c) => set(c, c.start));
    remember();
    changed();
  });
  $("undo").addEventListener("click", () => history.back());
  $("keep").addEventListener("click", keep);
  $("copy").addEventListener("click", async () => {
    const text = query().toString();
    await navigator.clipboard.writeText(["python3 run.py explore", overrides, text && `"setting='${text}'"`].filter(Boolean).join(" "));
    $("copy").textContent = "Copied";
    setTimeout(() => { $("copy").textContent = "Copy as a command"; }, 1500);
  });
}

async function start() {
  const settings = await (await fetch("/settings")).json();
  specs = settings.charts;
  $("caption").textContent = settings.caption;
  program = programOf(settings);
  overrides = settings.overrides;
  buildControls(settings, changed);
  outcomesToChoose();
  listenToControls();
  readAddress();
  await learn();
  if (!baseline) await ownBaseline();
  kept.push(...JSON.parse(sessionStorage.getItem(program) ?? "[]"));
  keptShown();
  fromAddress();
}

// Changes are told against the baseline, so that a page which begins elsewhere asks for it first.
async function ownBaseline() {
  $("said").textContent = "The program solves the baseline.";
  while (!baseline) {
    const answer = await solve(`window=${WINDOW}-baseline`);
    if (answer.status === "certified") baseline = answer.lines;
    else if (answer.status === "refused") throw new Error(answer.reason);
    else await new Promise((wait) => { setTimeout(wait, AGAIN); });
  }
}

start().catch(() => refuse("the program does not answer and may have ended; load the page again"));
