/* The charts: the run over time, at most 300 points, whole each second. */

/* global Chart */
import { byId } from "./dom.js";
import { brief, bytes, cpu, rate, span, time } from "./format.js";
import { limits, limitsOf } from "./limits.js";
import { wasThere } from "./tables.js";

/* Colours of the processes' lines; red means errors elsewhere. */
const PROCESS_SERIES = [1, 5, 4, 3, 6, 7];
const PROCESSES_MOST = 8;

/* Fewer errors than this share of the activities have an axis of their own: else nobody would see them. */
const ERRORS_FEW = 0.1;

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/* Shades the warm-up. */
const warmup = {
  id: "warmup",
  beforeDatasetsDraw(chart) {
    const { ctx, chartArea, scales } = chart;
    if (!chart.warmupEnd)
      return;
    const right = Math.min(scales.x.getPixelForValue(chart.warmupEnd), chartArea.right);
    ctx.save();
    ctx.fillStyle = colour("--sunk");
    ctx.fillRect(chartArea.left, chartArea.top, right - chartArea.left, chartArea.height);
    ctx.fillStyle = colour("--muted");
    ctx.font = "11px system-ui, sans-serif";
    if (right - chartArea.left > 60)
      ctx.fillText("warm-up", chartArea.left + 6, chartArea.top + 14);
    ctx.restore();
  },
};

function line(label, series, more) {
  return { label, series, data: [], borderWidth: 1.75, pointRadius: 0, pointHitRadius: 8, tension: 0, ...more };
}

function axis(format, more) {
  return { beginAtZero: true, grid: {}, ticks: { maxTicksLimit: 5, callback: (v) => brief(format(v)) }, ...more };
}

function make(id, format, datasets, more) {
  return new Chart(byId(id), {
    type: "line",
    data: { datasets },
    plugins: [warmup, limits(colour)],
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      interaction: { mode: "index", intersect: false },
      scales: {
        x: { type: "linear", min: 0, grid: { display: false }, ticks: { maxTicksLimit: 7, maxRotation: 0, callback: (s) => span(s * 1e9) } },
        y: axis(format),
        ...more?.scales,
      },
      plugins: {
        legend: { display: datasets.length !== 1, align: "start", labels: { boxWidth: 10, boxHeight: 2, padding: 10 } },
        tooltip: {
          callbacks: {
            title: (items) => span(items[0].parsed.x * 1e9),
            label: (item) => `${item.dataset.label}: ${(item.dataset.format ?? format)(item.parsed.y)}`,
          },
        },
      },
    },
  });
}

export class Charts {
  constructor() {
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    Chart.defaults.font.size = 11.5;
    const right = axis(rate, { position: "right", display: false, grid: { display: false } });
    this.throughput = make("chart-throughput", rate, [
      line("activities/s", 1, { fill: true }),
      line("errors/s, right axis", 2, { yAxisID: "errors" }),
    ], { scales: { errors: right } });
    this.latency = make("chart-latency", time, [line("p50", 1), line("p95", 3), line("p99", 4)]);
    this.sessions = make("chart-sessions", (n) => Number.isInteger(n) ? n.toLocaleString("en-US") : "", [
      line("sessions", 1, { stepped: "before", fill: true }),
    ]);
    this.cpu = make("chart-cpu", cpu, []);
    this.memory = make("chart-memory", bytes, []);
    this.all = [this.throughput, this.latency, this.sessions, this.cpu, this.memory];
    this.paint();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.paint();
      this.all.forEach((chart) => chart.update("none"));
    });
  }

  paint() {
    for (const chart of this.all) {
      for (const scale of Object.values(chart.options.scales)) {
        scale.ticks.color = colour("--muted");
        scale.grid.color = colour("--grid");
        scale.grid.borderColor = colour("--line");
      }
      chart.options.plugins.legend.labels.color = colour("--muted");
      for (const dataset of chart.data.datasets)
        this.paintLine(dataset);
    }
  }

  paintLine(dataset) {
    const ink = colour(`--series-${dataset.series}`);
    dataset.borderColor = ink;
    dataset.backgroundColor = dataset.fill ? `${ink}22` : ink;
  }

  /* One line for each process, and one for the machine. */
  processLines(chart, names, machine) {
    const sets = chart.data.datasets;
    if (sets.length === 0 && machine)
      sets.push(line("machine", 8, { borderDash: [4, 3] }));
    const others = machine ? sets.splice(-1) : [];
    sets.length = Math.min(sets.length, names.length);
    names.forEach((label, i) => {
      sets[i] ??= line(label, PROCESS_SERIES[i % PROCESS_SERIES.length]);
      sets[i].label = label;
    });
    sets.push(...others);
    sets.forEach((dataset) => this.paintLine(dataset));
  }

  show(state) {
    const p = state.points;
    const x = p.to_ns.map((ns) => ns / 1e9);
    const xy = (values) => values.map((y, i) => ({ x: x[i], y }));
    const perSecond = (values) => xy(values.map((n, i) => p.span_ns[i] > 0 ? n * 1e9 / p.span_ns[i] : null));
    const shown = [...state.processes.slice(0, PROCESSES_MOST).entries()].filter(([, process]) => wasThere(process));
    const names = shown.map(([, process]) => process.name);
    const warm = p.warmup.lastIndexOf(1);

    this.throughput.data.datasets[0].data = perSecond(p.activities);
    this.throughput.data.datasets[1].data = perSecond(p.errors);
    this.showErrors();
    [p.p50_ns, p.p95_ns, p.p99_ns].forEach((values, i) => { this.latency.data.datasets[i].data = xy(values); });
    this.latency.limits = limitsOf(state.thresholds, this.latency.data.datasets);
    this.latency.options.scales.y.suggestedMax = Math.max(0, ...this.latency.limits.map(({ value }) => value));
    this.sessions.data.datasets[0].data = xy(p.sessions);
    this.processLines(this.cpu, names, true);
    this.processLines(this.memory, names, false);
    shown.forEach(([number], i) => {
      this.cpu.data.datasets[i].data = xy(p.cpu[number] ?? []);
      this.memory.data.datasets[i].data = xy(p.memory_bytes[number] ?? []);
    });
    this.cpu.data.datasets[names.length].data = xy(p.machine_cpu);
    for (const chart of this.all) {
      chart.warmupEnd = warm < 0 ? 0 : x[warm];
      chart.options.scales.x.max = Math.max(x.at(-1) ?? 0, 5);
      for (const dataset of chart.data.datasets)
        dataset.pointRadius = dataset.data.length < 3 ? 2 : 0;
      chart.update("none");
    }
    this.describe(state);
  }

  showErrors() {
    const [activities, errors] = this.throughput.data.datasets;
    const most = (dataset) => dataset.data.reduce((m, { y }) => Math.max(m, y), 0);
    const any = most(errors) > 0;
    const apart = most(errors) < ERRORS_FEW * most(activities);
    errors.hidden = !any;
    errors.yAxisID = apart ? "errors" : "y";
    errors.label = apart ? "errors/s, right axis" : "errors/s";
    const right = this.throughput.options.scales.errors;
    right.display = any && apart;
    right.suggestedMax = 3 * most(errors); /* below the activities, so that few do not look like many */
  }

  /* For those who do not see them. */
  describe(state) {
    const p = state.points;
    const last = p.to_ns.length - 1;
    const say = (chart, text) => chart.canvas.setAttribute("aria-label", last < 0 ? "No figures yet" : text);
    say(this.throughput, `Throughput over time; last ${rate(p.activities[last] * 1e9 / p.span_ns[last])} activities per second, ${p.errors[last]} errors`);
    say(this.latency, `Response times over time; last p50 ${time(p.p50_ns[last])}, p95 ${time(p.p95_ns[last])}, p99 ${time(p.p99_ns[last])}`);
    say(this.sessions, `Sessions over time; last ${p.sessions[last]}`);
    say(this.cpu, "CPUs used over time; figures are in the table Resources");
    say(this.memory, "Memory over time; figures are in the table Resources");
  }
}
