/* The columns of the tables. */

import { element, setText } from "./dom.js";
import { bytes, count, cpu, rate, sum, time } from "./format.js";
import { Table, figure } from "./table.js";

export const PHASES = { init: "init", end: "end", warmup: "warm-up" };

/* Name, type and what is special about a row. */
function nameCell(th, row) {
  if (th.childElementCount === 0)
    th.append(element("span", "star"), element("span", "name"), element("span", "phase tag"), element("span", "kind"));
  const [star, name, phase, kind] = th.children;
  setText(star, row.monitored ? "★ " : "");
  star.title = row.monitored ? "monitored" : "";
  setText(name, row.name);
  setText(phase, PHASES[row.phase] ?? "");
  phase.hidden = !(row.phase in PHASES);
  const notes = [row.type && row.type !== row.name ? row.type : "", row.called ? "called by a script" : "",
    row.ignore_timing ? "not in net times" : ""];
  setText(kind, notes.filter((note) => note !== "").join(", "));
}

const name = { key: "name", label: "Name", text: true, cell: nameCell };
const latency = (key, label, help) =>
  figure(key, label, (ns, row) => time(row.count > 0 ? ns : null), { help });

export function sequences(section) {
  return new Table(section, {
    path: "sequences", label: "Sequences", searchLabel: "Filter sequences", size: 20, sortable: true,
    none: "No sequence has begun yet.",
    columns: [
      name,
      figure("count", "Passes", count, { help: "Completed passes, those with errors in them too" }),
      figure("activities", "Activities", count),
      figure("errors", "Errors", count, { bad: true, help: "Of activities in it" }),
      figure("per_second", "Rate /s", rate, { help: "Passes per second, all sessions together" }),
      figure("net_rate", "Net rate /s", rate, { help: "Passes per second of net time: what one session would do without pauses" }),
      figure("sum_ns", "Sum", sum, { help: "Of the durations of all passes" }),
      figure("net_ns", "Net sum", sum, { help: "The same without activities that ignore timing" }),
      latency("mean_ns", "Mean"),
      latency("p95_ns", "p95", "95 % of the passes took no longer"),
      latency("max_ns", "Max"),
    ],
  });
}

export function activities(section) {
  return new Table(section, {
    path: "activities", label: "Activities", searchLabel: "Filter by name or type", size: 25, sortable: true,
    none: "No activity has completed yet.",
    columns: [
      name,
      figure("count", "Count", count),
      figure("errors", "Errors", count, { bad: true }),
      figure("per_second", "Rate /s", rate),
      latency("min_ns", "Min"),
      latency("mean_ns", "Mean"),
      latency("p50_ns", "p50", "Median"),
      latency("p90_ns", "p90"),
      latency("p95_ns", "p95"),
      latency("p99_ns", "p99"),
      latency("max_ns", "Max"),
    ],
  });
}

const plain = (key, label, more) => ({ key, label, text: true, ...more, cell: (td, row) => setText(td, row[key] ?? "") });

export function sessions(section) {
  return new Table(section, {
    path: "sessions", label: "Sessions", searchLabel: "Filter by id, user, place or error", size: 25,
    none: "No session is running.",
    columns: [
      plain("id", "Session"),
      plain("user", "User"),
      plain("path", "Doing", { long: true }),
      figure("activities", "Activities", count),
      figure("errors", "Errors", count, { bad: true }),
      plain("last_error", "Last error", { long: true }),
    ],
  });
}

/* Of a process that was never there nothing is known. */
export const wasThere = (process) => process.memory_max_bytes > 0;

const used = (key, label, format, more) =>
  figure(key, label, (value, row) => wasThere(row) ? format(value, row) : "–", more);

export const processes = [
  { key: "name", label: "Process", text: true,
    cell(th, row) {
      if (th.childElementCount === 0)
        th.append(element("span", "name"), element("div", "kind"));
      setText(th.children[0], row.name);
      setText(th.children[1], row.reason ?? (row.pid > 0 ? `pid ${row.pid}` : ""));
    } },
  used("cpu", "CPUs", cpu, { help: "In the last second; 1 is a whole CPU" }),
  used("cpu_max", "CPUs, most", cpu),
  used("memory_bytes", "Memory", bytes),
  used("memory_max_bytes", "Memory, most", bytes),
  used("threads", "Threads", count),
  used("descriptors", "Descriptors", (n, row) => row.descriptors_limit > 0 ? `${count(n)} of ${count(row.descriptors_limit)}` : count(n)),
  used("sockets", "Sockets", count),
  used("read_bytes", "Read", bytes),
  used("written_bytes", "Written", bytes),
];

export const workers = [
  { key: "index", label: "Worker", text: true, cell: (th, row) => setText(th, count(row.index)) },
  figure("sessions", "Sessions", count),
  figure("cpu", "CPUs", cpu),
  figure("cpu_max", "CPUs, most", cpu),
  figure("loop_lag_p99_ns", "Lateness p99", time, { help: "How late it handles what is ready" }),
  figure("loop_lag_max_ns", "Lateness, most", time),
];
