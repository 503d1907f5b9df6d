// Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
// SPDX-License-Identifier: BSD-2-Clause

// Requests to the bot's web server, each with a deadline.

const ANSWER_TIMEOUT = 10000;

export function post(path, body) {
  return request(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

export async function readModel() {
  return (await (await request("/api/model")).json()).model;
}

export function isBotThere() {
  return request("/api/model").then(({ ok }) => ok, () => false);
}

function request(path, options) {
  return fetch(path, { cache: "no-store", signal: AbortSignal.timeout(ANSWER_TIMEOUT), ...options });
}
