/* Follows the events of the plugin, shows the latest, and hands on the orders to stop. */

import { byId, hintMore, setText } from "./dom.js";
import { Charts } from "./charts.js";
import { count, when } from "./format.js";
import * as sections from "./sections.js";
import * as tables from "./tables.js";

const SILENCE_MS = 15000; /* the plugin says something every 5 s */
const RETRY_MS = 2000;

const token = document.querySelector("meta[name=stressor-token]").content;
const charts = new Charts();
const longTables = [tables.sequences(byId("sequences")), tables.activities(byId("activities")), tables.sessions(byId("sessions"))];
let source = null;
let watchdog = 0;
let latest = null;
let shownAt = 0;

function show(state) {
  /* Another run at the same address: its page has another token. */
  if (latest !== null && latest.run.id !== state.run.id) {
    location.reload();
    return;
  }
  latest = state;
  shownAt = Date.now();
  sections.showHead(state.run);
  sections.showTiles(state);
  sections.showThresholds(state);
  sections.showTrust(state.trust);
  sections.showErrors(state);
  sections.showFacts(state.run);
  sections.showResources(state);
  longTables.forEach((table) => table.tick());
  if (!document.hidden)
    charts.show(state);
}

/* --- the connection ---------------------------------------------------------------------------- */

function alive() {
  byId("lost").hidden = true;
  document.body.classList.remove("lost-connection");
  clearTimeout(watchdog);
  watchdog = setTimeout(() => { lost(); connect(); }, SILENCE_MS);
}

function lost() {
  const since = shownAt > 0 ? ` The figures are those of ${when(shownAt * 1e6)}.` : "";
  setText(byId("lost"), `The connection is lost: the run is out of reach, or stressor has ended.${since} Trying again…`);
  byId("lost").hidden = false;
  document.body.classList.add("lost-connection");
  byId("stop").disabled = byId("abort").disabled = true;
  sections.showTab("lost", `… ${latest?.run.name ?? "stressor"}: connection lost`);
}

function connect() {
  clearTimeout(watchdog);
  source?.close();
  source = new EventSource("/events");
  source.addEventListener("state", (event) => {
    alive();
    show(JSON.parse(event.data));
  });
  source.addEventListener("beat", () => {
    const again = document.body.classList.contains("lost-connection");
    alive();
    if (again && latest !== null)
      show(latest);
  });
  source.addEventListener("error", () => {
    lost();
    /* It tries again by itself, but not after an answer that is no stream, such as 503. */
    if (source.readyState === EventSource.CLOSED) {
      clearTimeout(watchdog);
      watchdog = setTimeout(connect, RETRY_MS);
    }
  });
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden && latest !== null) {
    charts.show(latest);
    longTables.forEach((table) => table.tick());
  }
});

/* --- orders ------------------------------------------------------------------------------------ */

const ORDERS = {
  stop: { title: "Stop the run?", text: "Running activities are cancelled, then each session runs its sequence “end”. Results are kept.", yes: "Stop the run" },
  abort: { title: "Abort the run?", text: "Sessions end where they are, without their sequence “end”. Results are kept.", yes: "Abort the run" },
};

const dialog = byId("confirm");

async function order(what) {
  const response = await fetch(`/${what}`, { method: "POST", headers: { "X-Stressor-Token": token } });
  if (response.ok || response.status === 409)
    return;
  setText(byId("lost"), `The order did not go through: ${await response.text()}`);
  byId("lost").hidden = false;
}

function ask(what) {
  setText(byId("confirm-title"), ORDERS[what].title);
  const running = latest?.totals.sessions_running;
  const many = running > 0 ? ` ${count(running)} ${running === 1 ? "session is" : "sessions are"} running.` : "";
  setText(byId("confirm-text"), ORDERS[what].text + many);
  setText(byId("confirm-yes"), ORDERS[what].yes);
  dialog.dataset.order = what;
  dialog.showModal();
  byId("confirm-no").focus();
}

byId("stop").addEventListener("click", () => ask("stop"));
byId("abort").addEventListener("click", () => ask("abort"));
byId("confirm-no").addEventListener("click", () => dialog.close());
byId("confirm-yes").addEventListener("click", () => {
  dialog.close();
  order(dialog.dataset.order).catch(lost);
});

["processes", "workers"].forEach((table) => hintMore(byId(table).parentElement));
connect();
