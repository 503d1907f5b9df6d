# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Client libraries for Deepgram on SageMaker, measured side by side.

``make bench``, or ``python -m benchmarks --help``. Each library runs in an environment of its own
under ``.cache/bench`` and in a process of its own, the server in another; cases are run in turn,
round after round, and figures are medians of the rounds. Compare figures of one run only.

A *frame* is 20 ms of audio, given to a client when it is due, whatever the client makes events of.
The streams of a process are spread evenly over the 20 ms, as callers are who know nothing of each
other; every figure is judged so. ``--in-step`` has them all send at the same moments, which
measures how long the last one in a row waits. The null client's latency is what the harness's own
pacing adds.

CPU is that of the whole process, user and system, native threads included, over a steady window;
*net* is less that of the null client, which is fed and answered by the same harness and has no
network. Latency runs from the moment before a frame is given to the client to the moment its
answer has been received, for the frames that complete 100 ms. The share of real time that was
reached stands beside every figure: a client that falls behind does less work, not the same work
faster.

The sections: ``signatures`` (all are right; not verified where time is measured), ``clients``,
``opening`` (many sessions at once; the server refuses one handshake more than this project's
client makes at once; what share of real time is then reached with 200 ms chunks is told and not
judged, as 500 streams may be more than one process can carry), ``services`` (whole services in a
Pipecat pipeline, less a service that recognises nothing) and ``recovery`` (streams dropped, reset,
sent away and ended).
"""
