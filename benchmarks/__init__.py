# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Client libraries for Deepgram on SageMaker, measured side by side.

``make bench``, or ``python -m benchmarks --help``. Each library runs in an environment of its own
under ``.cache/bench`` and in a process of its own, the server in another; cases are run in turn,
round after round, and figures are medians of the rounds. Compare figures of one run only.

A *frame* is 20 ms of audio, given to a client when it is due, whatever the client makes events of.
The streams of a process are spread evenly over the 20 ms, like independent callers; every target
applies to this. With ``--in-step`` they all send at the same moments, which measures how long the
last one waits. The null client's latency is what the harness's own
pacing adds.

CPU is that of the whole process, user and system, native threads included, over a steady window;
*net* is the CPU minus that of the null client, which runs in the same harness without a
network. Latency runs from the moment before a frame is given to the client to the moment its
answer has been received, for the frames that complete 100 ms. Every figure is
reported with the share of real time that was reached: a client that falls behind does less work,
not the same work faster.

The sections: ``signatures`` (all are right; not verified where time is measured), ``clients``,
``opening`` (many sessions at once; the server refuses one handshake more than this project's
client makes at once; the share of real time then reached with 200 ms chunks is reported without
a target, because 500 streams may be more than one process can carry), ``services`` (whole services
in a Pipecat pipeline, less a service that recognises nothing) and ``recovery`` (streams dropped,
reset, sent away and ended).
"""
