// Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
// SPDX-License-Identifier: BSD-2-Clause

// A WebRTC call to Pipecat's SmallWebRTC transport, with RTVI messages on its data channel.

import { isBotThere, post } from "./server.js";

const RTVI_VERSION = "2.2.0";
const GONE = "The bot has stopped and the call is over. Start the bot again with make bot, then call again.";
const CUT_OFF = "The call was cut off. Call again.";
const PING_INTERVAL = 1000; // the transport drops a client that is silent for 3 s

export class Call {
  isMuted = false;
  #isOver = false;

  constructor({ voice, onMessage, onState }) {
    this.voice = voice;
    this.onMessage = onMessage;
    this.onState = onState;
    this.peer = new RTCPeerConnection();
    this.channel = this.peer.createDataChannel("chat", { ordered: true });
    this.sender = this.peer.addTransceiver("audio", { direction: "sendrecv" }).sender;
    this.peer.ontrack = ({ track }) => (voice.srcObject = new MediaStream([track]));
    this.peer.onconnectionstatechange = () => this.#follow(this.peer.connectionState);
    this.channel.onopen = () => this.#begin();
    this.channel.onmessage = ({ data }) => this.#receive(data);
  }

  async connect() {
    await this.#openMicrophone();
    await this.peer.setLocalDescription(await this.peer.createOffer());
    await this.#gatherCandidates();
    const { sdp, type } = this.peer.localDescription;
    const answer = await post("/api/offer", { sdp, type });
    if (!answer.ok) throw new Error(`the bot answered ${answer.status}`);
    await this.peer.setRemoteDescription(await answer.json());
  }

  // Muting frees the microphone, so that the browser shows that nobody is listening.
  async setMuted(isMuted) {
    this.isMuted = isMuted;
    if (!isMuted) return this.#openMicrophone();
    this.#closeMicrophone();
    await this.sender.replaceTrack(null);
  }

  hangUp(why) {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.pinging);
    this.#closeMicrophone();
    this.voice.srcObject = null;
    this.peer.close();
    this.onState("closed", why);
  }

  async #openMicrophone() {
    if (!navigator.mediaDevices) {
      throw new Error("Without HTTPS, browsers allow the microphone only on 127.0.0.1 and localhost.");
    }
    // No gain control: noise amplified to the volume of speech is mistaken for words.
    const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: false };
    const stream = await navigator.mediaDevices.getUserMedia({ audio });
    this.microphone = stream.getAudioTracks()[0];
    if (this.#isOver) this.#closeMicrophone(); // hung up while the browser was asking
    else await this.sender.replaceTrack(this.microphone);
  }

  #closeMicrophone() {
    this.microphone?.stop();
    this.microphone = null;
  }

  #gatherCandidates() {
    return new Promise((resolve) => {
      const check = () => this.peer.iceGatheringState === "complete" && resolve();
      this.peer.addEventListener("icegatheringstatechange", check);
      check();
    });
  }

  #begin() {
    const about = { library: "offline-bot-page" };
    const data = { version: RTVI_VERSION, about };
    this.channel.send(JSON.stringify({ label: "rtvi-ai", type: "client-ready", id: "1", data }));
    const ping = () => this.channel.readyState === "open" && this.channel.send(`ping: ${Date.now()}`);
    ping();
    this.pinging = setInterval(ping, PING_INTERVAL);
  }

  #receive(text) {
    const message = JSON.parse(text);
    if (message.type === "signalling" && message.message?.type === "peerLeft") this.hangUp("The bot has hung up.");
    else this.onMessage(message);
  }

  #follow(state) {
    if (state === "disconnected") this.onState("The bot does not respond; waiting for it.");
    else if (state !== "failed") this.onState(state);
    if (state === "disconnected" || state === "failed") this.#lookForBot(state);
  }

  // A bot that was killed could not report it; its web server has stopped too.
  async #lookForBot(state) {
    const isThere = await isBotThere();
    if (!isThere) this.hangUp(GONE);
    else if (state === "failed") this.hangUp(CUT_OFF);
  }
}
