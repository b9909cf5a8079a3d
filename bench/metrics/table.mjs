const whole = (value) => Math.round(value).toLocaleString("en-US");
const short = (value) => (value >= 100 ? whole(value) : value.toPrecision(2));

/** Rows of the table: title, and the text of a system's figures. */
const rows = [
  ["version", (f) => f.version],
  ["points/s until readable, one metric", (f) => whole(f.longRate)],
  ["points/s until readable, ten metrics a step", (f) => whole(f.mixedRate)],
  ["`log()` of 10 metrics, p50 / p99", (f) => `${short(f.logMicros)} / ${short(f.logMicros99)} µs`],
  ["calls lost by kill -9 right after the last", (f) => `${whole(f.lost)} of ${whole(f.called)}`],
  ["stored bytes a point, noisy f32 / mixed", (f) => `${short(f.noisyBytes)} / ${short(f.mixedBytes)}`],
  ["first chart of the long run, warm", (f) => `${short(f.chartMs)} ms`],
  ["spikes visible in it, of 30", (f) => whole(f.spikes)],
  ["compare one metric over the many runs", (f) => `${short(f.compareMs)} ms`],
  ["run list, first page", (f) => `${short(f.listMs)} ms`],
  ["log → answered by its server, p50 / p99", (f) => `${short(f.liveMs)} / ${short(f.liveMs99)} ms`],
  ["server memory idle → after load", (f) => `${whole(f.idleMegabytes)} → ${whole(f.loadedMegabytes)} MB`],
  ["server start → first answer", (f) => `${short(f.startMs / 1_000)} s`],
];

const needs = {
  "points/s until readable, one metric": "longRate",
  "points/s until readable, ten metrics a step": "mixedRate",
  "`log()` of 10 metrics, p50 / p99": "logMicros",
  "calls lost by kill -9 right after the last": "lost",
  "first chart of the long run, warm": "chartMs",
  "spikes visible in it, of 30": "spikes",
  "compare one metric over the many runs": "compareMs",
  "run list, first page": "listMs",
  "log → answered by its server, p50 / p99": "liveMs",
};

/** A Markdown table of all systems, and below it why a figure is missing. `results`: { peer, figures } or { peer, missing }. */
export function markdownTable(results) {
  const notes = [];
  const cell = ([title, text], { peer, figures, missing }) => {
    if (missing) return "–";
    const needed = figures[needs[title]];
    if (needed?.reason) notes.push(`${peer.name}, ${title}: ${needed.reason}`);
    if (needs[title] && (needed === undefined || needed.reason)) return "–";
    return text(figures);
  };
  const lines = [
    `| | ${results.map(({ peer }) => peer.name).join(" | ")} |`,
    `|---|${results.map(() => "---").join("|")}|`,
    ...rows.map((row) => `| ${row[0]} | ${results.map((result) => cell(row, result)).join(" | ")} |`),
  ];
  for (const { peer, missing } of results) if (missing) notes.push(`${peer.name}: left out, ${missing}`);
  return [...lines, ...notes.map((note) => `\n– ${note}`)].join("\n");
}
