// Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
// SPDX-License-Identifier: BSD-2-Clause

// The page of the offline bot: a WebRTC call, and what Pipecat's RTVI messages tell of it.

import { Call } from "./call.js";
import { Conversation } from "./conversation.js";

const element = (id) => document.getElementById(id);
const conversation = new Conversation(element("turns"));
let call = null;

function show(message) {
  if (message.label !== "rtvi-ai") return;
  element("hint").hidden = true;
  if (message.type === "server-message") showConnection(message.data);
  else conversation.take(message.type, message.data, performance.now());
}

function showConnection({ status, detail, streams_lost, replayed_seconds }) {
  element("status").textContent = element("status").dataset.status = status;
  element("detail").textContent = detail;
  element("streams-lost").textContent = streams_lost;
  element("replayed").textContent = `${replayed_seconds.toFixed(1)} s`;
}

function showCall(state) {
  const isOn = call !== null;
  element("call-state").textContent = state;
  element("call").textContent = isOn ? "Hang up" : "Call";
  element("mute").disabled = element("break").disabled = !isOn;
  element("mute").textContent = call?.isMuted ? "Unmute" : "Mute";
}

async function toggleCall() {
  if (call !== null) {
    call.hangUp();
    return;
  }
  call = new Call({ voice: element("voice"), onMessage: show, onState: showState });
  showCall("connecting");
  try {
    await call.connect();
  } catch (error) {
    call.hangUp();
    element("call-state").textContent = `${error.name}: ${error.message}`;
  }
}

function showState(state) {
  if (state === "closed") call = null;
  showCall(state);
}

async function toggleMute() {
  await call.setMuted(!call.isMuted);
  showCall(element("call-state").textContent);
}

async function breakStream() {
  const { value, selectedOptions } = element("fault");
  const answer = await fetch("/api/faults", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ fault: value }),
  });
  const what = selectedOptions[0].textContent.trim();
  element("fault-state").textContent = answer.ok ? `Done: ${what}` : await answer.text();
}

element("call").addEventListener("click", toggleCall);
element("mute").addEventListener("click", toggleMute);
element("break").addEventListener("click", breakStream);

const { model } = await (await fetch("/api/model")).json();
element("model").textContent = model[0].toUpperCase() + model.slice(1);
