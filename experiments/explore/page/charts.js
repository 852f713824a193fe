"use strict";
// Line charts as SVG: the view as a line, its baseline dotted in the same colour.

const SVG = "http://www.w3.org/2000/svg";
const COLORS = ["#0b5cad", "#a3410f", "#4f5b66"];
const BOX = { width: 340, height: 190, left: 46, right: 8, top: 8, bottom: 22 };

function element(name, attributes, text) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  return node;
}

function short(value) {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(1);
  return String(Number(value.toPrecision(4)));
}

function ticks(low, high, count) {
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= raw);
  const found = [];
  for (let t = Math.ceil(low / step - 1e-9) * step; t <= high + 1e-9 * step; t += step) found.push(Math.abs(t) < step * 1e-9 ? 0 : t);
  return found;
}

function bounds(lines) {
  const all = lines.flatMap((line) => [...line.view, ...line.baseline]);
  let low = Math.min(...all);
  let high = Math.max(...all);
  const least = 0.01 * Math.max(Math.abs(low), Math.abs(high), 1e-6); // a flat line is drawn flat
  if (high - low < least) [low, high] = [low - least, high + least];
  const margin = 0.06 * (high - low);
  return [low - margin, high + margin];
}

function path(values, x, y) {
  return values.map((v, t) => `${t ? "L" : "M"}${x(t).toFixed(1)},${y(v).toFixed(1)}`).join("");
}

function spoken(chart, quarters) {
  const at = [0, 19, 39].filter((t) => t < quarters.length);
  const parts = chart.lines.map((line) => `${line.name}: ` + at.map((t) => `${short(line.view[t])} in ${quarters[t]}, baseline ${short(line.baseline[t])}`).join("; "));
  return `${chart.title}, ${chart.unit}. ${parts.join(". ")}`;
}

function drawChart(chart, quarters) {
  const figure = document.createElement("figure");
  const caption = document.createElement("figcaption");
  const title = document.createElement("strong");
  title.textContent = chart.title;
  const unit = document.createElement("span");
  unit.textContent = chart.unit;
  caption.append(title, unit);
  const { width, height, left, right, top, bottom } = BOX;
  const svg = element("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": spoken(chart, quarters) });
  const [low, high] = bounds(chart.lines);
  const x = (t) => left + (t / (quarters.length - 1)) * (width - left - right);
  const y = (v) => top + ((high - v) / (high - low)) * (height - top - bottom);
  for (const v of ticks(low, high, 4)) {
    svg.append(element("line", { x1: left, x2: width - right, y1: y(v), y2: y(v), class: "rule" }));
    svg.append(element("text", { x: left - 5, y: y(v) + 3.5, class: "tick", "text-anchor": "end" }, short(v)));
  }
  quarters.forEach((label, t) => {
    if (label.endsWith("Q1") && Number(label.slice(0, 4)) % 5 === 0) {
      svg.append(element("text", { x: x(t), y: height - 6, class: "tick", "text-anchor": "middle" }, label.slice(0, 4)));
    }
  });
  chart.lines.forEach((line, i) => {
    svg.append(element("path", { d: path(line.baseline, x, y), class: "line baseline", stroke: COLORS[i] }));
    svg.append(element("path", { d: path(line.view, x, y), class: "line", stroke: COLORS[i] }));
  });
  figure.append(caption, svg);
  if (chart.lines.length > 1) {
    const legend = document.createElement("p");
    legend.className = "legend";
    chart.lines.forEach((line, i) => {
      const key = document.createElement("span");
      key.className = `key c${i}`;
      key.textContent = line.name;
      legend.append(key);
    });
    figure.append(legend);
  }
  return figure;
}
