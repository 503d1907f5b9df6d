// Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
// SPDX-License-Identifier: BSD-2-Clause
// A page that speaks with Deepgram's JavaScript SDK, and holds a granted token only.
async function listen(baseUrl, accessToken, query) {
  const client = new Deepgram.DeepgramClient({ accessToken, baseUrl });
  const audio = new Uint8Array(await (await fetch("/speech.pcm")).arrayBuffer());
  const socket = await client.listen.v1.connect(query);
  const messages = [];
  const closed = new Promise((resolve, reject) => {
    socket.on("message", (message) => messages.push(message));
    socket.on("close", (event) => resolve(event?.code));
    socket.on("error", (error) => reject(new Error(error?.message ?? "failed")));
  });
  socket.connect();
  await socket.waitForOpen();
  for (let at = 0; at < audio.length; at += 6400) socket.sendMedia(audio.slice(at, at + 6400));
  socket.sendCloseStream({ type: "CloseStream" });
  return { code: await closed, messages };
}

async function recorded(baseUrl, token, query) {
  const body = await (await fetch("/speech.wav")).blob();
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "audio/wav" };
  const answer = await fetch(`${baseUrl}/v1/listen?${query}`, { method: "POST", body, headers });
  return { id: answer.headers.get("dg-request-id"), answer: await answer.json() };
}
