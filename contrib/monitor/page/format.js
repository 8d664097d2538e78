/* Figures as the command line writes them: three digits that matter, spans as 2m05s. */

const NONE = "–";

function digits(x) {
  const decimals = x >= 99.95 ? 0 : x >= 9.995 ? 1 : 2;
  return x.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

export function count(n) {
  return n.toLocaleString("en-US");
}

export function counted(n, one, many) {
  return `${count(n)} ${n === 1 ? one : many}`;
}

function scaled(x, units) {
  let i = 0;
  while (i + 1 < units.length && x >= units[i + 1][0] * 0.9995)
    i++;
  return i === 0 ? `${count(Math.round(x))} ${units[0][1]}` : `${digits(x / units[i][0])} ${units[i][1]}`;
}

/* A latency. */
export function time(ns) {
  if (ns === null || ns === undefined)
    return NONE;
  return ns === 0 ? "0 s" : scaled(ns, [[1, "ns"], [1e3, "µs"], [1e6, "ms"], [1e9, "s"]]);
}

/* How long something takes, in whole seconds. */
export function span(ns) {
  const s = Math.floor(ns / 1e9);
  const two = (n) => String(n).padStart(2, "0");
  if (s < 60)
    return `${s} s`;
  if (s < 3600)
    return `${Math.floor(s / 60)}m${two(s % 60)}s`;
  return `${Math.floor(s / 3600)}h${two(Math.floor(s / 60) % 60)}m${two(s % 60)}s`;
}

/* A sum of times: precise while short. */
export function sum(ns) {
  return ns < 60e9 ? time(ns) : span(ns);
}

export function rate(x) {
  return x === 0 ? "0" : digits(x);
}

/* As on an axis: "50 ms", not "50.0 ms". */
export function brief(text) {
  return text.replace(/(\.\d*?)0+(?!\d)/, (_, kept) => kept === "." ? "" : kept);
}

export function percent(x) {
  return `${x === 0 ? "0" : digits(x * 100)} %`;
}

export function bytes(n) {
  return scaled(n, [[1, "B"], [1e3, "kB"], [1e6, "MB"], [1e9, "GB"], [1e12, "TB"]]);
}

export function cpu(x) {
  return x.toFixed(2);
}

/* The local time of day, with its date. */
export function when(wallNs) {
  return wallNs === 0 ? NONE : new Date(wallNs / 1e6).toLocaleString("sv-SE");
}
