"use strict";
// Controls and the address: every setting is an address, every step back in the browser an undo.

const controls = [];
let presets = [];
let step = -1; // number of this entry of the history

function value(control) {
  if (control.input.type === "checkbox") return control.input.checked ? 1 : 0;
  return Number(control.input.value);
}

function set(control, number) {
  if (control.input.type === "checkbox") control.input.checked = number === 1;
  else control.input.value = number;
  tell(control);
}

function tell(control) {
  const words = control.say(value(control));
  control.output.textContent = words;
  if (control.input.type === "range") control.input.setAttribute("aria-valuetext", words);
}

function makeControl(spec, attributes, start, say, moved) {
  const output = make("span", { className: "value" });
  const input = make("input", { id: spec.name, name: spec.name, ...attributes, "aria-describedby": `${spec.name}-says` });
  const label = make("label", { htmlFor: spec.name, textContent: spec.title });
  const box = make("div", { className: "control" }, label, output, input, make("small", { id: `${spec.name}-says`, textContent: spec.says }));
  const control = { name: spec.name, title: spec.title, number: spec.number, input, output, start, say, low: Number(input.min || 0), high: Number(input.max || 1) };
  input.addEventListener("input", () => { tell(control); moved(); });
  input.addEventListener("change", remember);
  controls.push(control);
  return box;
}

function buildControls(settings, moved) {
  for (const s of settings.sliders) {
    const onOff = s.name === "politics";
    const attributes = onOff ? { type: "checkbox" } : { type: "range", min: s.low, max: s.high, step: s.step };
    const say = onOff ? (v) => (v ? "on" : "off") : (v) => `${short(v)} ${s.unit}`;
    $("sliders").append(makeControl(s, attributes, s.default, say, moved));
  }
  for (const s of settings.stops) {
    const attributes = { type: "range", min: 0, max: s.values.length - 1, step: 1 };
    $("stops").append(makeControl(s, attributes, s.middle, (i) => `${Number(s.values[i].toPrecision(3))} ${s.unit}`, moved));
  }
  presets = settings.presets;
  presets.forEach((p, i) => $("preset").append(make("option", { value: String(i), textContent: `${p.of}: ${p.title}` })));
  $("preset").addEventListener("change", () => {
    if ($("preset").value === "") return;
    const wanted = presets[Number($("preset").value)].settings;
    controls.forEach((c) => set(c, wanted[c.name] ?? c.start));
    remember();
    moved();
  });
}

function presetShown() {
  const at = presets.findIndex((p) => isSetting(p.settings));
  $("preset").value = at < 0 ? "" : String(at);
}

// Do the controls stand at these `{name: value}`, all others where they start?
function isSetting(settings) {
  return controls.every((c) => value(c) === (settings[c.name] ?? c.start));
}

function movedControls() {
  return controls.filter((c) => value(c) !== c.start);
}

function movedPolicies() {
  return movedControls().filter((c) => !c.number);
}

function movedNumbers() {
  return movedControls().filter((c) => c.number);
}

function query() {
  return new URLSearchParams(movedControls().map((c) => [c.name, String(value(c))]));
}

function address() {
  const text = query().toString();
  return (text ? `/?${text}` : "/") + location.hash;
}

// In words, short enough for the name of a kept setting.
function settingInWords() {
  return movedControls().map((c) => `${c.title} ${c.say(value(c)).split(" ")[0]}`).join(", ") || "baseline";
}

// What the program says of the policies, with the numbers of the economy that are moved.
function describedWithNumbers(description) {
  const numbers = movedNumbers().map((c) => `${c.title} (${c.say(value(c))})`).join(", ");
  if (!numbers) return description;
  return `${movedPolicies().length ? description : "No policy change."} Numbers of the economy that are moved: ${numbers}.`;
}

function remember() {
  if (location.pathname + location.search + location.hash !== address()) goTo(address());
}

function goTo(there) {
  history.pushState(null, "", there);
  numberStep();
}

// Entries of the history are numbered, as Undo must not lead to the page before the first.
function numberStep() {
  if (history.state === null) history.replaceState(step + 1, "");
  step = history.state;
  $("undo").disabled = step === 0;
}

// Puts the address into the controls; returns what of it could not be taken, in words.
function readAddress() {
  numberStep();
  const given = new URLSearchParams(location.search);
  const problems = [...given.keys()].filter((name) => !controls.some((c) => c.name === name)).map((name) => `nothing is called ${name}`);
  for (const c of controls) {
    const number = given.has(c.name) ? Number(given.get(c.name)) : c.start;
    const allowed = Number.isFinite(number) && number >= c.low && number <= c.high;
    if (!allowed) problems.push(`${c.name} is ${given.get(c.name)}, allowed are ${c.low} to ${c.high}`);
    set(c, allowed ? number : c.start);
    if (allowed && value(c) !== number) problems.push(`${c.name} is ${given.get(c.name)}, the nearest step is ${value(c)}`);
  }
  return problems;
}
