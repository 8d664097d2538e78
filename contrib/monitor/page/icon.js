/* The tab's icon tells the state of the run. It is made here, since nothing can be fetched any more
   when the connection is lost. */

const ICONS = {
  starting: ["#5a6675", "M4 8h.01M8 8h.01M12 8h.01"],
  running: ["#1f5fbf", "M6.5 4.5l5 3.5-5 3.5z"],
  stopping: ["#8a5a00", "M6 5v6M10 5v6"],
  passed: ["#1a7f4b", "M4.5 8.2l2.5 2.5 4.5-5"],
  failed: ["#c0352b", "M5 5l6 6M11 5l-6 6"],
  stopped: ["#8a5a00", "M5.5 5.5h5v5h-5z"],
  lost: ["#8b95a1", "M8 4v4.5M8 11.8v.01"],
};

export function showIcon(link, state) {
  if (link.dataset.state === state)
    return;
  const [ground, sign] = ICONS[state];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="8" fill="${ground}"/>` +
    `<path d="${sign}" fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/></svg>`;
  link.dataset.state = state;
  link.setAttribute("href", `data:image/svg+xml,${encodeURIComponent(svg)}`);
}
