// Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
// SPDX-License-Identifier: BSD-2-Clause

// The page of the offline bot: a WebRTC call, and its display from Pipecat's RTVI messages.

import { Call } from "./call.js";
import { Conversation } from "./conversation.js";
import { post, readModel } from "./server.js";

const element = (id) => document.getElementById(id);
let conversation = new Conversation(element("turns"));
let call = null;
let requestId = "";

const GONE = "The bot does not answer. Start it with make bot, then call again.";

// Messages for the browser's errors: what happened and what to do.
const TROUBLE = {
  TypeError: GONE, // of fetch
  TimeoutError: GONE,
  NotAllowedError: "The microphone is blocked. Allow it for this page, then call again.",
  NotFoundError: "No microphone was found. Connect one, then call again.",
  NotReadableError: "Another program is using the microphone. Close it, then call again.",
};

function show(message) {
  if (message.label !== "rtvi-ai") return;
  element("hint").hidden = true;
  if (message.type === "server-message") showServerMessage(message.data);
  else conversation.take(message.type, message.data, performance.now());
}

function showServerMessage(data) {
  if (data.kind === "break") conversation.noteBreak(data);
  else showConnection(data);
}

function showConnection({ status, detail, streams_lost, replayed_seconds, request_id }) {
  requestId = request_id;
  showStatus(status, detail);
  element("streams-lost").textContent = streams_lost;
  element("replayed").textContent = `${replayed_seconds.toFixed(1)} s`;
}

function showStatus(status, detail) {
  element("status").textContent = element("status").dataset.status = status;
  element("detail").textContent = detail;
  element("break").disabled = status !== "connected";
}

function showCall(state) {
  const isOn = call !== null;
  element("call-state").textContent = state;
  element("call").textContent = isOn ? "Hang up" : "Call";
  element("mute").disabled = !isOn;
  element("mute").textContent = call?.isMuted ? "Unmute" : "Mute";
}

async function toggleCall() {
  if (call !== null) {
    call.hangUp();
    return;
  }
  clear();
  const mine = new Call({
    voice: element("voice"),
    onMessage: (message) => call === mine && show(message),
    onState: (state, why) => call === mine && showState(state, why),
  });
  call = mine;
  showCall("connecting");
  try {
    await mine.connect();
  } catch (error) {
    giveUp(mine, error);
  }
}

function clear() {
  conversation = new Conversation(element("turns"));
  showConnection({
    status: "connecting", detail: "connecting", streams_lost: 0, replayed_seconds: 0, request_id: "",
  });
}

function giveUp(failed, error) {
  if (call !== failed) return; // hung up meanwhile
  failed.hangUp();
  showCall(trouble(error));
}

function trouble(error) {
  return TROUBLE[error.name] ?? error.message;
}

function showState(state, why) {
  if (state === "closed") {
    call = null;
    conversation.end();
    showStatus("none", "the call is over");
  }
  showCall(why ?? state);
}

async function toggleMute() {
  const mine = call;
  try {
    await mine.setMuted(!mine.isMuted);
    showCall(element("call-state").textContent);
  } catch (error) {
    giveUp(mine, error);
  }
}

async function breakStream() {
  const { value, selectedOptions } = element("fault");
  const what = selectedOptions[0].textContent.trim();
  element("fault-state").textContent = await addFault(value).catch(trouble) ?? `Done: ${what}`;
}

// Returns what is wrong with the fault, if anything.
async function addFault(fault) {
  const answer = await post("/api/faults", { fault, request_id: requestId });
  return answer.ok ? null : answer.text();
}

element("call").addEventListener("click", toggleCall);
element("mute").addEventListener("click", toggleMute);
element("break").addEventListener("click", breakStream);
addEventListener("pagehide", () => call?.hangUp()); // so that the bot knows at once

const model = await readModel();
element("model").textContent = model[0].toUpperCase() + model.slice(1);
