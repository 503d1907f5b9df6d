"use strict";

const PERIOD = 2000;
const byId = (id) => document.getElementById(id);
const seconds = (value) => (value === null ? "none yet" : `${value.toFixed(value < 10 ? 2 : 0)} s`);
const cells = new Map();

function figures(now) {
  const queue = now.queue ?? { queued: "none", running: "none", oldest: null };
  return [
    ["Active streams", now.active_streams],
    ["Streams lost", now.losses],
    ["Failovers", now.failovers],
    ["Audio replayed", seconds(now.replayed_seconds)],
    ["Audio lost", seconds(now.lost_seconds)],
    ["Latency, median", seconds(now.latency.median)],
    ["Latency, 95 of 100", seconds(now.latency.p95)],
    ["Jobs queued", queue.queued],
    ["Jobs running", queue.running],
    ["Oldest job waits", seconds(queue.oldest)],
  ];
}

function show(now) {
  for (const [name, value] of figures(now)) {
    if (!cells.has(name)) {
      const box = document.createElement("div");
      const term = document.createElement("dt");
      const cell = document.createElement("dd");
      term.textContent = name;
      box.append(term, cell);
      byId("figures").append(box);
      cells.set(name, cell);
    }
    cells.get(name).textContent = value;
  }
  const rows = now.jobs.map((job) => {
    const row = document.createElement("tr");
    const queued = new Date(job.created).toLocaleTimeString();
    for (const text of [job.request_id, job.status, job.model, job.attempts, queued]) {
      row.insertCell().textContent = text;
    }
    return row;
  });
  byId("jobs").tBodies[0].replaceChildren(...rows);
  byId("jobs").hidden = rows.length === 0;
  byId("none").hidden = rows.length > 0;
}

function say(text, isGood) {
  byId("state").textContent = text;
  byId("state").className = isGood ? "good" : "bad";
}

async function look() {
  const key = sessionStorage.getItem("key");
  const headers = key ? { Authorization: `Token ${key}` } : {};
  try {
    const answer = await fetch("/monitor.json", { headers, signal: AbortSignal.timeout(10000) });
    byId("access").hidden = answer.status !== 401;
    if (answer.ok) {
      show(await answer.json());
      say("live", true);
    } else {
      say(answer.status === 401 ? "a key is needed" : `answered ${answer.status}`, false);
    }
  } catch {
    say("the gateway does not answer", false);
  }
}

async function follow() {
  await look();
  setTimeout(follow, PERIOD);
}

byId("access").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem("key", byId("key").value);
  look();
});
follow();
