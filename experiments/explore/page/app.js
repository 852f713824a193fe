"use strict";
// Settings live in the address; every move asks for a solution, one request at a time, and the newest wins.

const $ = (id) => document.getElementById(id);
const WINDOW = Math.random().toString(36).slice(2);
const SETTLED = 500; // milliseconds without a move before the horizon is checked
const HEADLINE = { gdp_real: "GDP", unemployment: "unemployment", "wage[low]": "low-skill wage", interconnection_rent: "connection rent" };
const HEADLINE_QUARTERS = 20;
const AGAIN = 1000; // milliseconds before a busy or lost server is asked again
let controls = [];
let asking = false;
let moved = false;
let timer = 0;
let shown = false; // is a certified answer on the page?

function query() {
  const pairs = controls.filter((c) => value(c) !== c.start).map((c) => [c.name, String(value(c))]);
  return new URLSearchParams(pairs);
}

function value(control) {
  if (control.name === "politics") return control.input.checked ? 1 : 0;
  return Number(control.input.value);
}

function set(control, number) {
  if (control.name === "politics") control.input.checked = number === 1;
  else control.input.value = number;
  tell(control);
}

function tell(control) {
  const words = control.say(value(control));
  control.output.textContent = words;
  if (control.input.type === "range") control.input.setAttribute("aria-valuetext", words);
}

function makeControl(spec, attributes, start, say) {
  const box = document.createElement("div");
  box.className = "control";
  const label = document.createElement("label");
  label.htmlFor = spec.name;
  label.textContent = spec.title;
  const output = document.createElement("span");
  output.className = "value";
  const input = document.createElement("input");
  Object.assign(input, { id: spec.name, name: spec.name, ...attributes });
  input.setAttribute("aria-describedby", `${spec.name}-says`);
  const says = document.createElement("small");
  says.id = `${spec.name}-says`;
  says.textContent = spec.says;
  box.append(label, output, input, says);
  const control = { name: spec.name, input, output, start, say };
  input.addEventListener("input", () => move(control));
  return [box, control];
}

function build(settings) {
  for (const s of settings.sliders) {
    const onOff = s.name === "politics";
    const attributes = onOff ? { type: "checkbox" } : { type: "range", min: s.low, max: s.high, step: s.step };
    const say = onOff ? (v) => (v ? "on" : "off") : (v) => `${short(v)} ${s.unit}`;
    const [box, control] = makeControl(s, attributes, s.default, say);
    $("sliders").append(box);
    controls.push(control);
  }
  for (const s of settings.stops) {
    const attributes = { type: "range", min: 0, max: s.values.length - 1, step: 1 };
    const [box, control] = makeControl(s, attributes, s.middle, (i) => `${Number(s.values[i].toPrecision(3))} ${s.unit}`);
    $("stops").append(box);
    controls.push(control);
  }
  $("caption").textContent = settings.caption;
}

function readAddress() {
  const given = new URLSearchParams(location.search);
  for (const c of controls) {
    const number = given.has(c.name) ? Number(given.get(c.name)) : c.start;
    set(c, Number.isFinite(number) ? number : c.start);
  }
}

function move(control) {
  tell(control);
  changed();
}

function address() {
  const text = query().toString();
  return text ? `/?${text}` : "/";
}

function changed() {
  const text = query().toString();
  $("scenario").href = `/scenario?${text}`;
  $("data").href = `/data?${text}`;
  moved = true;
  clearTimeout(timer);
  if (!asking) ask(false);
}

async function ask(beyond) {
  asking = true;
  moved = false;
  document.body.classList.add("solving");
  const asked = query();
  asked.set("window", WINDOW);
  if (beyond) asked.set("beyond", "yes");
  const started = performance.now();
  let wait = 0;
  let answer = null;
  try {
    answer = await (await fetch(`/solve?${asked}`)).json();
  } catch {
    refuse("the program does not answer; is it still running?");
    wait = AGAIN;
  }
  if (answer) {
    history.replaceState(null, "", address()); // once an answer: browsers limit how often
    if (answer.status === "certified") show(answer, beyond, performance.now() - started);
    else if (answer.status === "busy") wait = AGAIN;
    else if (answer.status !== "superseded") refuse(answer.reason);
    if (answer.status === "certified" && !answer.checked && !moved) timer = setTimeout(() => asking || ask(true), SETTLED);
  }
  asking = false;
  if (moved) ask(false);
  else if (wait) timer = setTimeout(() => asking || ask(false), wait);
  else document.body.classList.remove("solving");
}

function show(answer, beyond, milliseconds) {
  shown = true;
  document.body.classList.remove("refused");
  const c = answer.certificate;
  const horizon = answer.checked ? `horizon check ${power(c.horizon_gap)}` : "horizon check running";
  $("certificate").textContent =
    `Certified: residual ${power(c.max_residual)}, goods market ${power(c.walras)}, both sides of GDP ${power(c.gdp_identity)}, ` +
    `${c.stable_roots} of ${c.predetermined} stable roots, ${horizon}.`;
  if (beyond) return;
  $("said").textContent = `${answer.description} Solved in ${(answer.seconds * 1000).toFixed(0)} ms, here after ${milliseconds.toFixed(0)} ms.`;
  $("headline").textContent = headline(answer.numbers);
  $("charts").replaceChildren(...answer.charts.map((chart) => drawChart(chart, answer.quarters)));
  $("numbers").replaceChildren(head(answer.numbers.horizons), body(answer.numbers.rows));
}

function headline(numbers) {
  const at = numbers.horizons.indexOf(HEADLINE_QUARTERS);
  const rows = numbers.rows.filter((r) => r.outcome in HEADLINE);
  const parts = rows.map((r) => `${HEADLINE[r.outcome]} ${r.values[at].startsWith("-") ? "" : "+"}${r.values[at]} ${r.unit}`);
  return `After five years against the baseline: ${parts.join(", ")}.`;
}

function refuse(reason) {
  document.body.classList.add("refused");
  $("headline").textContent = "";
  $("said").textContent = `Not solved: ${reason}. ${shown ? "What you see is the last setting that has a solution." : ""}`;
}

function power(number) {
  return number === null ? "failed" : number.toExponential(0);
}

function cell(kind, text, scope) {
  const node = document.createElement(kind);
  node.textContent = text;
  if (scope) node.scope = scope;
  return node;
}

function head(horizons) {
  const row = document.createElement("tr");
  row.append(cell("th", "Outcome", "col"), cell("th", "in", "col"), ...horizons.map((h) => cell("th", String(h), "col")));
  const section = document.createElement("thead");
  section.append(row);
  return section;
}

function body(rows) {
  const section = document.createElement("tbody");
  for (const r of rows) {
    const row = document.createElement("tr");
    row.append(cell("th", r.outcome, "row"), cell("td", r.unit), ...r.values.map((v) => cell("td", v)));
    section.append(row);
  }
  return section;
}

async function start() {
  build(await (await fetch("/settings")).json());
  readAddress();
  addEventListener("popstate", () => { readAddress(); changed(); });
  $("controls").addEventListener("submit", (event) => event.preventDefault());
  $("controls").addEventListener("reset", (event) => {
    event.preventDefault();
    controls.forEach((c) => set(c, c.start));
    changed();
  });
  $("copy").addEventListener("click", async () => {
    await navigator.clipboard.writeText(location.origin + address());
    $("copy").textContent = "Copied";
    setTimeout(() => { $("copy").textContent = "Copy link"; }, 1500);
  });
  changed();
}

start().catch(() => refuse("the program does not answer; is it still running? Load the page again"));
