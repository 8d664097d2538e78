"""html_browser.py FOLDER: looks at FOLDER/results.html in a browser, and compares it with
FOLDER/results.json of the same run."""

import json
import os
import pathlib
import re
import sys

sys.path.insert(0, os.path.join(os.environ["STRESSOR_SOURCE"], "tests", "support"))
import browser

# Rows of a table as lists of [what is shown, the exact value or null], by the column's title.
TABLE = """
const table = document.getElementById(arguments[0]);
if (!table) return null;
const titles = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
return [...table.tBodies[0].rows].map((row) => Object.fromEntries([...row.cells].map((cell, i) => {
  const copy = cell.cloneNode(true);
  copy.querySelectorAll('.tag').forEach((tag) => tag.remove());
  const data = cell.querySelector('data');
  return [titles[i], [copy.textContent.trim(), data ? data.value : null]];
})));
"""
# Cells of text of which less than 90 pixels are seen unless one scrolls.
FAR_TEXT = """
return [...document.querySelectorAll('.example, .value, #thresholds-table td:nth-child(2)')]
  .filter((cell) => cell.getBoundingClientRect().left + 90 >
                    cell.closest('.scroll').getBoundingClientRect().right)
  .map((cell) => cell.textContent);
"""
# Errors on a phone: the width of each part of a row by that of the row.
ERRORS = """
return [...document.querySelectorAll('#errors-table tbody tr')].map((row) =>
  [...row.cells].map((cell) => cell.getBoundingClientRect().width / row.getBoundingClientRect().width));
"""
LIVE = "script, img, iframe, object, embed, link, base, form, [onerror], [onload], [style], [src]"


def same(what, shown, expected):
    assert shown == expected, f"{what}: the page has {shown!r}, the JSON report {expected!r}"


def exact(cell):
    return None if cell[1] is None else float(cell[1])


def compare_times(name, row, latency, mean):
    for title, value in [("Mean", mean), ("Min", latency["min_ns"]), ("Max", latency["max_ns"])]:
        same(f"{title} of {name}", exact(row[title]), value)
    for percent in "50", "90", "95", "99":
        same(f"p{percent} of {name}", exact(row["p" + percent]),
             latency["percentiles_ns"][percent])
    same(f"text of p95 of {name}", row["p95"][0], time(latency["percentiles_ns"]["95"]))


def time(ns):
    """As people read it: three digits, halves rounded up, and a unit."""
    for factor, unit in (1, "ns"), (10**3, "µs"), (10**6, "ms"), (10**9, "s"):
        if 2 * ns < 1999 * factor or unit == "s":
            break
    for digits in (0,) if unit == "ns" else (2, 1, 0):
        scaled = (ns * 10**digits + factor // 2) // factor
        if scaled < 1000:
            break
    return f"{scaled / 10**digits:,.{digits}f}\u00a0{unit}"


def compare_activities(page, run):
    seen = 0
    for table, phases in [("main", {"main"}), ("around", {"init", "end"}), ("warmup", {"warmup"})]:
        rows = page.execute_script(TABLE, "activities-" + table) or []
        wanted = [a for a in run["activities"] if a["phase"] in phases and
                  (a["count"] or not (a["called"] or a["phase"] == "warmup"))]
        wanted.sort(key=lambda a: not a["monitored"])
        same(f"names of {table}", [r["Activity"][0] for r in rows], [shown(a["name"]) for a in wanted])
        for row, activity in zip(rows, wanted):
            name = activity["name"]
            same(f"count of {name}", exact(row["Count"]), activity["count"])
            same(f"errors of {name}", exact(row["Errors"]), activity["errors"])
            same(f"rate of {name}", exact(row["Per s"]), activity["per_second"])
            if activity["count"]:
                compare_times(name, row, activity["latency"], activity["latency"]["mean_ns"])
            seen += 1
    assert seen >= 5, seen


def shown(name):
    """Text as a page shows it: blanks at the ends go, so does what turns other text around."""
    return re.sub("[\u202a-\u202e\u2066-\u2069]", "\ufffd", name.strip())


def compare_rest(page, run):
    key = page.execute_script(
        "return Object.fromEntries([...document.querySelectorAll('.tiles dd')].map("
        "(dd) => [dd.id, dd.querySelector('data').value]))")
    totals = run["totals"]
    percentiles = totals["latency"]["percentiles_ns"]
    for name, value in [("activities", totals["activities"]), ("rate", totals["per_second"]),
                        ("errors", totals["errors"]), ("p50", percentiles["50"]),
                        ("p95", percentiles["95"]), ("p99", percentiles["99"])]:
        same(name, float(key["key-" + name]), value)
    same("verdict", page.find_element("css selector", ".headline").text,
         "✕ Failed: 1 of 2 thresholds")
    sequences = [s for s in run["sequences"]
                 if s["phase"] != "warmup" or s["passes"] or s["activities"] or s["errors"]]
    for row, sequence in zip(page.execute_script(TABLE, "sequences-table"), sequences,
                             strict=True):
        same("sequence", row["Sequence"][0], sequence["name"])
        same("passes", exact(row["Passes"]), sequence["passes"])
        same("errors", exact(row["Errors"]), sequence["errors"])
        if sequence["passes"]:
            compare_times(sequence["name"], row, sequence["duration"],
                          sequence["duration"]["mean_ns"])
    for row, group in zip(page.execute_script(TABLE, "errors-table"), run["error_groups"],
                          strict=True):
        same("error", row["Error"][0], f"{group['category']} {group['kind']}")
        same("count", exact(row["Count"]), group["count"])
        same("activity", row["Activity"][0], shown(group["activity"]))
        same("example", row["The first one"][0], shown(group["example"]))
    thresholds = sorted(run["thresholds"], key=lambda t: t["state"] != "failed")
    for row, threshold in zip(page.execute_script(TABLE, "thresholds-table"), thresholds,
                              strict=True):
        same("threshold", row["Threshold"][0], threshold["text"])
        same("state", row["Result"][0].split()[1], threshold["state"])
        same("samples", exact(row["Samples"]), threshold["samples"])
        assert row["Value"][0].startswith(threshold["actual"]), row
    facts = page.execute_script(TABLE, "configuration-table")
    same("facts", [(f["Section"][0], f["Name"][0]) for f in facts],
         [(f["section"], f["name"]) for f in run["facts"]])


def look_at(page):
    """It keeps to the screen, is readable, and no text has become anything else."""
    same("elements", page.execute_script(
        "return document.querySelectorAll(arguments[0]).length", LIVE), 0)
    same("title", page.title.endswith(" – stressor report"), True)
    colours = set()
    for dark in False, True:
        for width, height in (375, 812), (1280, 900):
            browser.screen(page, width, height, dark)
            wide = page.execute_script(
                "return [document.documentElement.scrollWidth, document.body.scrollWidth]")
            same(f"width at {width}", max(wide), width)
            same(f"tables at {width}", page.execute_script(FAR_TEXT), [])
            if width == 375:
                widths = page.execute_script(ERRORS)
                assert widths, "no errors"
                # The activity and the message have lines of their own.
                same("narrow errors", [w for w in widths if w[2] < 0.9 or w[3] < 0.9], [])
        colours.add(page.execute_script("return getComputedStyle(document.body).backgroundColor"))
        same("weak contrasts", browser.weak_contrasts(page), [])
    same("colours of the page", len(colours), 2)
    assert "rgba(0, 0, 0, 0)" not in colours, colours
    charts = page.execute_script(
        "return [...document.querySelectorAll('.chart > svg')].map((svg) => "
        "[svg.querySelector('title').textContent, svg.querySelector('desc').textContent, "
        "svg.querySelectorAll('path').length])")
    same("charts", [c[0] for c in charts],
         ["Throughput", "Latency", "Errors", "Sessions", "CPU", "Memory"])
    assert all(c[1] and c[2] for c in charts), charts
    same("complaints", browser.complaints(page), [])


def try_to_run(page):
    """Even if there were a script on the page, it would not run."""
    violation = page.execute_async_script("""
        const done = arguments[0];
        document.addEventListener('securitypolicyviolation',
                                  (e) => done(e.effectiveDirective), {once: true});
        document.body.insertAdjacentHTML('beforeend', '<a onclick="window.hit = 1">x</a>');
        document.body.lastElementChild.click();""")
    same("violation", violation, "script-src-attr")
    same("hit", page.execute_script("return window.hit === undefined"), True)


def main(folder):
    folder = pathlib.Path(folder).resolve()
    run = json.loads((folder / "results.json").read_text())
    with browser.open() as page:
        page.get((folder / "results.html").as_uri())
        compare_activities(page, run)
        compare_rest(page, run)
        look_at(page)
        try_to_run(page)


main(sys.argv[1])
