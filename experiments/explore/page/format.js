"use strict";
// Numbers and small pieces of the page.

const $ = (id) => document.getElementById(id);

function short(value) {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(1);
  return String(Number(value.toPrecision(4)));
}

// Two significant digits with their sign, of what is small four decimals, and +0 where nothing changed: as `signed` of experiments/answer/tables/writing.py.
function signed(value) {
  if (Math.abs(value) < 5e-5) return "+0";
  const sign = value > 0 ? "+" : "";
  if (Math.abs(value) < 0.01) return sign + value.toFixed(4);
  const rounded = Number(value.toPrecision(2));
  const digits = Math.max(0, 1 - Math.floor(Math.log10(Math.abs(rounded))));
  return sign + rounded.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function power(number) {
  return number === null ? "failed" : number.toExponential(0);
}

function make(kind, attributes, ...children) {
  const node = document.createElement(kind);
  for (const [key, value] of Object.entries(attributes)) {
    if (key in node && key !== "list") node[key] = value;
    else node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}

function download(name, url) {
  make("a", { href: url, download: name }).click();
}
