# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How many real-time streams the local recogniser carries: ``python -m benchmarks.recogniser``.

A container runs in a process of its own; every stream sends the same 44 seconds of human speech in
real time, 20 ms at a time, each a little later than the one before, and ``CloseStream`` right
after the last word. Lost words and the latency of finals are compared with a single stream.
"""
