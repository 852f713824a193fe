"use strict";
// Line charts as SVG: lines, a band, a hover line that all charts share, the same as a table, and as a PNG.

const SVG = "http://www.w3.org/2000/svg";
const BOX = { width: 340, height: 190, left: 46, right: 8, top: 8, bottom: 22 };
const SAVED = { scale: 3, margin: 8, title: 24, row: 14, key: 24 }; // of a picture that is saved, in units of BOX

function element(name, attributes, text) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  return node;
}

function ticks(low, high, count) {
  const raw = (high - low) / count;
  const size = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((m) => m * size).find((s) => s >= raw);
  const found = [];
  for (let t = Math.ceil(low / step - 1e-9) * step; t <= high + 1e-9 * step; t += step) found.push(Math.abs(t) < step * 1e-9 ? 0 : t);
  return found;
}

function bounds(chart) {
  const all = chart.lines.flatMap((line) => [...line.values, ...(line.band ? line.band.flat() : [])]);
  let low = Math.min(...all);
  let high = Math.max(...all);
  const least = chart.changes ? 0.02 : 0.01 * Math.max(Math.abs(low), Math.abs(high), 1e-6); // a flat line is drawn flat
  if (high - low < least) [low, high] = [low - least, high + least];
  const margin = 0.06 * (high - low);
  return [low - margin, high + margin];
}

function path(values, x, y) {
  return values.map((v, t) => `${t ? "L" : "M"}${x(t).toFixed(1)},${y(v).toFixed(1)}`).join("");
}

function spoken(chart, quarters) {
  const number = chart.changes ? signed : short;
  const at = [4, 20, 40].map((t) => t - 1).filter((t) => t < quarters.length);
  const parts = chart.lines.map((line) => `${line.name}: ` + at.map((t) => `${number(line.values[t])} in ${quarters[t]}`).join(", "));
  return `${chart.title}, ${chart.unit}. ${parts.join(". ")}`;
}

function scales(chart, quarters) {
  const { width, height, left, right, top, bottom } = BOX;
  const [low, high] = bounds(chart);
  const x = (t) => left + (t / (quarters.length - 1)) * (width - left - right);
  const y = (v) => top + ((high - v) / (high - low)) * (height - top - bottom);
  return { x, y, low, high };
}

function axes(svg, quarters, { x, y, low, high }) {
  const { width, height, left, right } = BOX;
  for (const v of ticks(low, high, 4)) {
    svg.append(element("line", { x1: left, x2: width - right, y1: y(v), y2: y(v), class: v === 0 ? "rule zero" : "rule" }));
    svg.append(element("text", { x: left - 5, y: y(v) + 3.5, class: "tick", "text-anchor": "end" }, short(v)));
  }
  const every = quarters.length > 44 ? 5 : 2;
  quarters.forEach((label, t) => {
    const year = Number(label.slice(0, 4));
    if (label.endsWith("Q1") && year % every === 0) svg.append(element("text", { x: x(t), y: height - 6, class: "tick", "text-anchor": "middle" }, String(year)));
  });
}

// A figure; its `point(t)` shows the values of a quarter, null for none.
function drawChart(chart, quarters, hover) {
  const svg = element("svg", { viewBox: `0 0 ${BOX.width} ${BOX.height}`, role: "img", tabindex: "0", "aria-label": spoken(chart, quarters) });
  const scale = scales(chart, quarters);
  axes(svg, quarters, scale);
  for (const line of chart.lines) {
    if (line.band) svg.append(element("path", { d: `${path(line.band[1], scale.x, scale.y)}L${path([...line.band[0]].reverse(), (t) => scale.x(line.band[0].length - 1 - t), scale.y).slice(1)}Z`, class: `band c${line.color}` }));
  }
  for (const line of chart.lines) svg.append(element("path", { d: path(line.values, scale.x, scale.y), class: `line c${line.color} ${line.style}` }));
  const cursor = element("line", { y1: BOX.top, y2: BOX.height - BOX.bottom, class: "cursor", visibility: "hidden" });
  svg.append(cursor);
  const values = make("p", { className: "values" });
  const png = make("button", { type: "button", className: "png", textContent: "PNG", title: "Save this chart as a picture" });
  png.setAttribute("aria-label", `Save ${chart.title} as a picture`);
  png.addEventListener("click", () => savePng(svg, chart));
  const figure = make("figure", {}, make("figcaption", {}, make("strong", { textContent: chart.title }), make("span", { textContent: chart.unit }), png), svg, values);
  figure.point = (t) => {
    cursor.setAttribute("visibility", t === null ? "hidden" : "visible");
    if (t !== null) for (const end of ["x1", "x2"]) cursor.setAttribute(end, scale.x(t));
    values.replaceChildren(...legend(chart, t, quarters));
  };
  listen(svg, quarters, hover);
  figure.point(null);
  return figure;
}

function legend(chart, t, quarters) {
  const number = chart.changes ? signed : short;
  const told = chart.lines.filter((line) => t !== null || chart.lines.length > 1);
  const keys = told.map((line) => make("span", { className: `key c${line.color} ${line.style}`, textContent: t === null ? line.name : `${line.name} ${number(line.values[t])}` }));
  return t === null ? keys : [make("b", { textContent: quarters[t] }), ...keys];
}

function listen(svg, quarters, hover) {
  const at = (event) => {
    const box = svg.getBoundingClientRect();
    const share = ((event.clientX - box.left) / box.width) * BOX.width - BOX.left;
    return Math.min(quarters.length - 1, Math.max(0, Math.round((share / (BOX.width - BOX.left - BOX.right)) * (quarters.length - 1))));
  };
  svg.addEventListener("pointermove", (event) => hover(at(event)));
  svg.addEventListener("pointerdown", (event) => hover(at(event)));
  svg.addEventListener("pointerleave", () => hover(null));
  svg.addEventListener("blur", () => hover(null));
  svg.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, PageDown: 4, PageUp: -4 }[event.key];
    if (!step) return;
    event.preventDefault();
    svg.at = Math.min(quarters.length - 1, Math.max(0, (svg.at ?? -1) + step));
    hover(svg.at);
  });
}

// The same as a table, one row a year: its last quarter.
function drawTable(chart, quarters) {
  const number = chart.changes ? signed : short;
  const shown = quarters.map((label, t) => [label, t]).filter(([label]) => label.endsWith("Q4"));
  const head = make("tr", {}, make("th", { scope: "col", textContent: "end of" }), ...chart.lines.map((line) => make("th", { scope: "col", textContent: line.name })));
  const rows = shown.map(([label, t]) => make("tr", {}, make("th", { scope: "row", textContent: label.slice(0, 4) }), ...chart.lines.map((line) => make("td", { textContent: number(line.values[t]) }))));
  const figure = make("figure", {}, make("figcaption", {}, make("strong", { textContent: chart.title }), make("span", { textContent: chart.unit })), make("div", { className: "scroll" }, make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows))));
  figure.point = () => {};
  return figure;
}

function savePng(svg, chart) {
  const copy = svg.cloneNode(true);
  const originals = svg.querySelectorAll("*");
  copy.querySelectorAll("*").forEach((node, i) => {
    const style = getComputedStyle(originals[i]);
    for (const key of ["stroke", "stroke-width", "stroke-dasharray", "fill", "fill-opacity", "font-size", "font-family", "visibility"]) node.style[key] = style.getPropertyValue(key);
  });
  copy.setAttribute("width", BOX.width * SAVED.scale);
  copy.setAttribute("height", BOX.height * SAVED.scale);
  const picture = new Image();
  picture.onload = () => download(`${chart.title.toLowerCase().replaceAll(" ", "_")}.png`, withLegend(picture, svg, chart).toDataURL("image/png"));
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
}

// A canvas with the title above the picture, and beneath it the lines and the settings by name.
function withLegend(picture, svg, chart) {
  const { scale, margin, title, row } = SAVED;
  const canvas = make("canvas", { width: BOX.width * scale });
  const pen = canvas.getContext("2d");
  pen.font = "10px sans-serif";
  const words = chart.says.flatMap((text) => inRows(pen, text, BOX.width - 2 * margin));
  canvas.height = (title + BOX.height + (chart.lines.length + words.length) * row + margin) * scale;
  const { backgroundColor, color } = getComputedStyle(document.body);
  pen.scale(scale, scale);
  pen.fillStyle = backgroundColor;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = color;
  pen.font = "bold 12px sans-serif";
  pen.fillText(`${chart.title}, ${chart.unit}`, margin, 2 * margin, BOX.width - 2 * margin);
  pen.drawImage(picture, 0, title, BOX.width, BOX.height);
  pen.font = "10px sans-serif";
  pen.translate(margin, title + BOX.height + margin);
  svg.querySelectorAll(".line").forEach((line, i) => drawKey(pen, line, chart.lines[i].name, i * row));
  words.forEach((text, i) => pen.fillText(text, 0, (chart.lines.length + i) * row));
  return canvas;
}

function drawKey(pen, line, name, y) {
  const { stroke, strokeWidth, strokeDasharray } = getComputedStyle(line);
  pen.strokeStyle = stroke;
  pen.lineWidth = Number.parseFloat(strokeWidth);
  pen.setLineDash((strokeDasharray.match(/[\d.]+/g) ?? []).map(Number));
  pen.beginPath();
  pen.moveTo(0, y - 3);
  pen.lineTo(SAVED.key, y - 3);
  pen.stroke();
  pen.fillText(name, SAVED.key + 6, y);
}

function inRows(pen, text, width) {
  const rows = [];
  for (const word of text.split(" ")) {
    const longer = rows.length ? `${rows.at(-1)} ${word}` : word;
    if (rows.length && pen.measureText(longer).width <= width) rows[rows.length - 1] = longer;
    else rows.push(word);
  }
  return rows;
}
