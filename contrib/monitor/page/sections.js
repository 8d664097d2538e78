/* What of the state is not a chart or a long table. */

import { byId, element, fill, fillFacts, setText } from "./dom.js";
import { bytes, count, counted, cpu, percent, rate, span, sum, time, when } from "./format.js";
import { showIcon } from "./icon.js";
import { fillTable } from "./table.js";
import { PHASES, processes, workers } from "./tables.js";

/* One word for the run: the page's colours, the tab's icon and title follow it. */
export function stateOf(run) {
  if (run.stage !== "done")
    return run.stage;
  return { passed: "passed", stopped: "stopped" }[run.verdict] ?? "failed";
}

const STATES = {
  starting: "Starting", running: "Running", stopping: "Stopping", passed: "Passed", failed: "Failed", stopped: "Stopped",
};
const FAILURES = { threshold: "threshold", untrusted: "not to be trusted" };
const SIGNS = { starting: "▶", running: "▶", stopping: "■", passed: "✓", failed: "✗", stopped: "■" };
const REASONS = {
  max_errors: "max_errors was reached", max_time: "max_time was reached", threshold: "a threshold stopped it", stopped: "stopped by the user",
};

function stateText(run) {
  const state = stateOf(run);
  if (state === "failed")
    return `Failed: ${FAILURES[run.verdict] ?? "errors"}`;
  return STATES[state];
}

export function showHead(run) {
  const state = stateOf(run);
  const over = run.stage === "done";
  const share = over ? 1 : run.expected_ns > 0 ? Math.min(1, run.elapsed_ns / run.expected_ns) : null;
  document.body.dataset.state = state;
  setText(byId("name"), run.name);
  setText(byId("tag"), run.tag ?? "");
  byId("tag").hidden = !run.tag;
  byId("dry-run").hidden = !run.dry_run;
  setText(byId("state"), stateText(run));
  setText(byId("elapsed"), span(run.elapsed_ns));
  setText(byId("expected"), !over && run.expected_ns > 0 ? ` of about ${span(run.expected_ns)}` : "");
  const progress = byId("progress");
  progress.hidden = share === null;
  byId("done").style.width = `${(share ?? 0) * 100}%`;
  if (share !== null)
    progress.setAttribute("aria-valuenow", String(Math.round(share * 100)));
  byId("stop").disabled = over || run.stage === "stopping";
  byId("abort").disabled = over;
  byId("actions").hidden = over;
  const much = share !== null && !over ? ` ${Math.floor(share * 100)} %` : "";
  showTab(state, `${SIGNS[state]}${much} ${over ? `${STATES[state]} · ` : ""}${run.name}`);
}

export function showTab(state, title) {
  if (document.title !== title)
    document.title = title;
  showIcon(byId("icon"), state);
}

function showFigure(id, text, value) {
  setText(byId(id), text);
  if (value !== undefined)
    byId(id).dataset.value = value;
}

export function showTiles({ run, totals, recent }) {
  const over = run.stage === "done" || recent === null;
  const speed = over ? totals.per_second : recent.per_second;
  const p95 = over ? totals.p95_ns : recent.p95_ns;
  const whole = run.warmup_ns > 0 ? "without the warm-up" : "of the whole run";
  const note = over ? whole : `last ${span(recent.duration_ns)}`;
  showFigure("tile-rate", rate(speed), speed);
  showFigure("tile-rate-note", over ? note : `${note}; ${rate(totals.per_second)} on average`);
  showFigure("tile-p95", totals.activities > 0 ? time(p95) : "–", p95);
  showFigure("tile-p95-note", over ? `${note}; p50 ${time(totals.p50_ns)}` : `${note}; ${time(totals.p95_ns)} in all`);
  showFigure("tile-errors", count(totals.errors), totals.errors);
  const all = totals.activities_all;
  showFigure("tile-errors-note", all > 0 ? `${percent(Math.min(1, totals.errors / all))} of all activities` : "");
  byId("tile-errors-box").classList.toggle("has-errors", totals.errors > 0);
  showFigure("tile-sessions", count(totals.sessions_running), totals.sessions_running);
  showFigure("tile-sessions-note", `${count(totals.sessions_started)} started of ${count(totals.sessions_planned)}, ${count(totals.sessions_done)} done`);
  showFigure("tile-activities", count(totals.activities), totals.activities);
  const others = run.warmup_ns > 0 ? "pauses and warm-up" : "pauses";
  showFigure("tile-activities-note", `${count(totals.activities_all)} with ${others}; ${counted(totals.passes, "pass", "passes")}`);
}

const MARKS = { passed: ["✓", "passed"], failed: ["✗", "failed"], pending: ["…", "pending"], broken: ["!", "broken so far"] };

export function showThresholds(state) {
  const make = () => {
    const li = element("li");
    li.append(element("span", "mark"), element("code"), element("span", "actual"));
    return li;
  };
  fill(byId("thresholds"), state.thresholds, make, (li, t) => {
    const mark = t.broken ? "broken" : t.state;
    const [sign, word] = MARKS[mark];
    li.className = mark;
    setText(li.children[0], sign);
    li.children[0].setAttribute("role", "img");
    li.children[0].setAttribute("aria-label", word);
    setText(li.children[1], t.text);
    const failed = t.failed_ns > 0 ? `, failed after ${span(t.failed_ns)}` : "";
    setText(li.children[2], `${t.actual ?? "no sample"}${t.broken ? ", broken so far" : ""}${failed}${t.aborted ? ", stopped the run" : ""}`);
  });
  const more = state.thresholds_count - state.thresholds.length;
  setText(byId("thresholds-note"), state.thresholds_count === 0 ? "The scenario has none." : more > 0 ? `${count(more)} more are in the reports.` : "");
}

export function showTrust(trust) {
  const verdict = trust?.verdict ?? "unknown";
  const badge = byId("trust");
  setText(badge, verdict);
  badge.className = `badge ${{ trusted: "good", untrusted: "bad" }[verdict] ?? ""}`;
  const lines = [...(trust?.reasons ?? []).map((text) => ["reason", text]), ...(trust?.notes ?? []).map((text) => ["note-line", text])];
  fill(byId("trust-reasons"), lines, () => element("li"), (li, [kind, text]) => {
    li.className = kind;
    setText(li, text);
  });
  const late = verdict !== "trusted" ? "" :
    `Sessions were handled late by ${time(trust.lateness_p99_ns)} (p99), ${time(trust.lateness_max_ns)} at most; the limit for p99 is ${time(trust.lateness_limit_ns)}.`;
  const unknown = "Too little has happened to say whether the generator keeps up.";
  setText(byId("trust-note"), verdict === "unknown" ? unknown : late);
}

export function showErrors(state) {
  const total = state.totals.errors;
  const make = () => {
    const li = element("li");
    const what = element("div", "what");
    what.append(element("span", "kind-name"), element("span", "where"), element("span", "phase tag"));
    li.append(element("span", "times"), what, element("code"));
    return li;
  };
  byId("errors-card").hidden = total === 0 && state.errors.length === 0;
  setText(byId("errors-total"), count(total));
  byId("errors-total").className = `badge ${total > 0 ? "bad" : ""}`;
  fill(byId("errors"), state.errors, make, (li, e) => {
    const [times, what, example] = li.children;
    setText(times, `${count(e.count)} ×`);
    times.dataset.value = e.count;
    setText(what.children[0], `${e.kind} (${e.category.toLowerCase()})`);
    setText(what.children[1], e.activity ?? "");
    setText(what.children[2], PHASES[e.phase] ?? "");
    what.children[2].hidden = !(e.phase in PHASES);
    setText(example, e.example ?? "");
  });
  const more = state.errors_count - state.errors.length;
  const notes = [more > 0 ? `${count(more)} more groups are in the reports.` : "",
    state.errors_dropped > 0 ? `${counted(state.errors_dropped, "error", "errors")} of further groups are not shown.` : ""];
  setText(byId("errors-note"), notes.filter((note) => note !== "").join(" "));
}

export function showFacts(run) {
  fillFacts(byId("facts"), [
    ["Name", run.name],
    ["Tag", run.tag],
    ["Details", run.details],
    ["Base URL", run.base_url],
    ["Start", when(run.started_wall_ns)],
    ["End", when(run.ended_wall_ns)],
    ["Ended by", REASONS[run.stop_reason]],
    ["Warm-up", run.warmup_ns > 0 ? sum(run.warmup_ns) : null],
    ["Measured", sum(run.measured_ns)],
    ["Seed", run.seed],
  ]);
  setText(byId("version"), `stressor ${run.version}`);
}

export function showResources(state) {
  fillTable(byId("processes"), processes, state.processes);
  fillTable(byId("workers"), workers, state.workers);
  const m = state.machine;
  fillFacts(byId("machine"), m === null ? [] : [
    ["Machine's CPUs busy", `${cpu(m.cpu)} of ${count(m.cpus)}`],
    ["Memory available", `${bytes(m.memory_available_bytes)} of ${bytes(m.memory_bytes)}`],
    ["Received", bytes(m.received_bytes)],
    ["Sent", bytes(m.sent_bytes)],
    ["TCP sockets", `${count(m.tcp_sockets)}, ${count(m.tcp_time_wait)} in TIME_WAIT`],
    ["Local ports", count(m.local_ports)],
  ], true);
}
