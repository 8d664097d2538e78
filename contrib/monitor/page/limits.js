/* Thresholds as levels in the chart of latencies, for those on its lines: of all activities. */

const LINE = /^(p50|p95|p99)(?![\d.])/;
const FAR = 3; /* times the greatest value: a level is left out */
const LABEL_ROOM = 14;

/* Those that are near what the chart shows. */
export function limitsOf(thresholds, datasets) {
  const most = datasets.flatMap((dataset) => dataset.data).reduce((m, { y }) => Math.max(m, y ?? 0), 0);
  return thresholds
    .filter((t) => t.name === null && t.unit === "ns" && LINE.test(t.text) && t.limit <= most * FAR)
    .map((t) => ({ value: t.limit, text: t.text, failed: t.state === "failed" }));
}

/* A plugin of Chart.js; draws `chart.limits`. Labels are above their lines, and left out where they have
   no room. */
export const limits = (colour) => ({
  id: "limits",
  afterDatasetsDraw(chart) {
    const { ctx, chartArea, scales } = chart;
    const taken = [];
    ctx.save();
    ctx.font = "11px system-ui, sans-serif";
    ctx.textAlign = "right";
    ctx.lineJoin = "round";
    for (const { value, text, failed } of chart.limits ?? []) {
      const y = scales.y.getPixelForValue(value);
      const label = y - 4 > chartArea.top + 8 ? y - 4 : y + 12;
      ctx.strokeStyle = ctx.fillStyle = colour(failed ? "--bad" : "--text");
      ctx.lineWidth = 1;
      ctx.beginPath();
      ctx.moveTo(chartArea.left, y);
      ctx.lineTo(chartArea.right, y);
      ctx.stroke();
      if (taken.some((other) => Math.abs(other - label) < LABEL_ROOM))
        continue;
      taken.push(label);
      ctx.strokeStyle = colour("--surface");
      ctx.lineWidth = 4;
      ctx.strokeText(text, chartArea.right - 4, label);
      ctx.fillText(text, chartArea.right - 4, label);
    }
    ctx.restore();
  },
});
