#!/bin/sh
# The client opens a new stream by itself 1 to 5 s after any close but 1000; audio sent meanwhile
# throws and is lost.
#
# Seen: 2026-11-28
# Guess: a closed live connection stays closed until the application opens another.
#
# An application that reconnects in its `close` handler ends up with two streams. Nothing is queued:
# `sendMedia` throws while the socket is down.
. "$(dirname "$0")/lib.sh"
node_packages @deepgram/sdk@5.13.0
node_packages ws@8.18.3 # for the server
node_program <<'EOF'
import { DeepgramClient } from "@deepgram/sdk";
import { WebSocketServer } from "ws";

async function closedWith(code) {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await new Promise((listening) => server.on("listening", listening));
  const received = [];
  server.on("connection", (socket) => {
    const stream = received.push([]);
    socket.on("message", (data) => {
      received[stream - 1].push(data.length);
      if (stream === 1) socket.close(code, "over");
    });
  });
  const url = `ws://127.0.0.1:${server.address().port}`;
  const environment = { base: url, production: url, agent: url };
  const client = new DeepgramClient({ apiKey: "key", environment });
  const connection = await client.listen.v1.connect({ model: "nova-3" });
  let closed, reopened;
  const closing = new Promise((done) => (closed = done));
  const reopening = new Promise((done) => (reopened = done));
  connection.on("error", () => {});
  connection.on("close", closed);
  connection.connect();
  await connection.waitForOpen();
  connection.sendMedia(Buffer.alloc(100));
  await closing;
  const since = Date.now();
  connection.on("open", () => reopened(true));
  let outage = "accepted";
  try {
    connection.sendMedia(Buffer.alloc(200));
  } catch (error) {
    outage = `refused, "${error.message}"`;
  }
  const again = await Promise.race([reopening, new Promise((done) => setTimeout(done, 8000))]);
  const seconds = (Date.now() - since) / 1000;
  if (again) connection.sendMedia(Buffer.alloc(300));
  await new Promise((done) => setTimeout(done, 200));
  console.log(`${code}: audio in the outage ${outage}; bytes by stream: ${JSON.stringify(received)}`);
  if (again) console.log(`a new stream by itself, after a second or more: ${seconds > 0.9}`);
  connection.close();
}

await closedWith(1011);
await closedWith(1000);
process.exit(0);
EOF
expect <<'EOF'
1011: audio in the outage refused, "Socket is not open."; bytes by stream: [[100],[300]]
a new stream by itself, after a second or more: true
1000: audio in the outage refused, "Socket is not open."; bytes by stream: [[100]]
EOF
