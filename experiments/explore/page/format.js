"use strict";
// Numbers and small pieces of the page.

const $ = (id) => document.getElementById(id);

function short(value) {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(1);
  return String(Number(value.toPrecision(4)));
}

// Two significant digits with their sign, and +0 where nothing changed.
function signed(value) {
  if (Math.abs(value) < 0.01) return "+0";
  const digits = Math.max(0, 1 - Math.floor(Math.log10(Math.abs(value))));
  return (value > 0 ? "+" : "") + value.toFixed(Math.min(digits, 4));
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
