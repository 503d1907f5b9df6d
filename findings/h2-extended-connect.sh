#!/bin/sh
# The extended CONNECT of WebSockets over HTTP/2 is sent and accepted although the server never
# offered it.
#
# Seen: 2026-11-28
# Guess: without the server's ENABLE_CONNECT_PROTOCOL the client's library refuses `:protocol`.
#
# RFC 8441 makes the setting a condition. Look at `remote_settings.enable_connect_protocol` before
# using it: against a server that knows nothing of it the stream fails far from the cause.
. "$(dirname "$0")/lib.sh"
packages h2==4.4.1
python_program <<'EOF'
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import RequestReceived

client = H2Connection(H2Configuration(client_side=True))
server = H2Connection(H2Configuration(client_side=False))
client.initiate_connection()
server.initiate_connection()
for _ in range(2):
    server.receive_data(client.data_to_send())
    client.receive_data(server.data_to_send())
print("offered by the server:", client.remote_settings.enable_connect_protocol)

client.send_headers(
    1,
    [
        (":method", "CONNECT"),
        (":protocol", "websocket"),
        (":scheme", "https"),
        (":authority", "localhost"),
        (":path", "/v1/listen"),
    ],
)
events = server.receive_data(client.data_to_send())
request = next(event for event in events if isinstance(event, RequestReceived))
print("received by the server:", dict(request.headers)[b":protocol"].decode())
EOF
expect <<'EOF'
offered by the server: 0
received by the server: websocket
EOF
