#!/bin/sh
# When the socket is full, `write()` keeps the caller's bytearray, so that reusing it changes what
# is sent; not so over TLS.
#
# Seen: 2026-11-28
# Guess: `write` copies what it cannot send at once.
#
# The same in asyncio and in uvloop. A capture loop that fills one buffer again and again sends
# right audio as long as the peer keeps up, and wrong audio once it does not. Hand over `bytes`.
. "$(dirname "$0")/lib.sh"
packages uvloop==0.23.0
packages trustme==1.2.1 # for TLS on this machine
python_program <<'EOF'
import asyncio
import ssl

import trustme
import uvloop

SIZE = 32_000_000
authority = trustme.CA()
server_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
authority.issue_cert("localhost").configure_cert(server_tls)
client_tls = ssl.create_default_context()
authority.configure_trust(client_tls)


async def received(size, tls):
    """What arrives when the buffer is overwritten right behind the write."""
    whole = asyncio.get_running_loop().create_future()

    async def server(reader, writer):
        whole.set_result(await reader.read(-1))
        writer.close()

    listening = await asyncio.start_server(server, "127.0.0.1", 0, ssl=server_tls if tls else None)
    _, writer = await asyncio.open_connection(
        "127.0.0.1",
        listening.sockets[0].getsockname()[1],
        ssl=client_tls if tls else None,
        server_hostname="localhost" if tls else None,
    )
    buffer = bytearray(b"a" * size)
    writer.write(buffer)
    buffer[:] = b"b" * size
    writer.close()
    data = await whole
    listening.close()
    return data


async def main(loop):
    cases = (("small", 640, False), ("large", SIZE, False), ("large, TLS", SIZE, True))
    for label, size, tls in cases:
        data = await received(size, tls)
        overwritten = "some overwritten" if b"b" in data else "as written"
        print(f"{loop}, {label}: {len(data)} bytes, {overwritten}")


asyncio.run(main("asyncio"))
uvloop.run(main("uvloop"))
EOF
expect <<'EOF'
asyncio, small: 640 bytes, as written
asyncio, large: 32000000 bytes, some overwritten
asyncio, large, TLS: 32000000 bytes, as written
uvloop, small: 640 bytes, as written
uvloop, large: 32000000 bytes, some overwritten
uvloop, large, TLS: 32000000 bytes, as written
EOF
