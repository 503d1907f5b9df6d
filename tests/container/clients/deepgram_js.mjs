// Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
// SPDX-License-Identifier: BSD-2-Clause
// Deepgram's JavaScript SDK against a container: node deepgram_js.mjs WHAT HTTP_URL WAV_FILE
// Prints one line of JSON with what came back.
import { createReadStream, readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [, , what, baseUrl, file] = process.argv;
const load = createRequire(`${process.cwd()}/`);

if (what === "browser") {
  // As in a browser: no headers on a WebSocket, so the key goes in its subprotocol.
  globalThis.window = { document: {}, navigator: { userAgent: "Test" } };
  globalThis.document = globalThis.window.document;
  globalThis.WebSocket = load("ws");
}
const { DeepgramClient } = load("@deepgram/sdk");
const client = new DeepgramClient({ apiKey: "any-key", baseUrl });
const audio = readFileSync(file);

async function talk(socket, send) {
  const messages = [];
  let audioBytes = 0;
  let opened = 0;
  const closed = new Promise((resolve, reject) => {
    socket.on("open", () => (opened += 1));
    socket.on("message", (message) => {
      if (message?.type && !(message instanceof Blob)) messages.push(message);
      else audioBytes += message.byteLength ?? message.size ?? message.length ?? 0;
    });
    socket.on("close", (event) => resolve(event?.code));
    socket.on("error", reject);
  });
  socket.connect();
  await socket.waitForOpen();
  await send(socket);
  return { code: await closed, opened, messages, audioBytes };
}

function sendAudio(socket) {
  for (let at = 0; at < audio.length; at += 4096) socket.sendMedia(audio.subarray(at, at + 4096));
  socket.sendCloseStream({ type: "CloseStream" });
}

const tasks = {
  v1: async () => talk(await client.listen.v1.connect({ model: "nova-3" }), sendAudio),
  browser: async () => talk(await client.listen.v1.connect({ model: "nova-3" }), sendAudio),
  v2: async () => talk(await client.listen.v2.connect({ model: "flux-general-en" }), sendAudio),
  file: async () =>
    client.listen.v1.media.transcribeFile(createReadStream(file), { model: "nova-3" }),
  speak: async () =>
    talk(await client.speak.v1.connect({ model: "aura-2-thalia-en" }), (socket) => {
      socket.sendText({ type: "Speak", text: "abcdefghij" });
      socket.sendFlush({ type: "Flush" });
      socket.sendClose({ type: "Close" });
    }),
};

console.log(JSON.stringify(await tasks[what]()));
process.exit(0);
