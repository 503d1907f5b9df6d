# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How much audio the client transcribes per hour of CPU time.

Calls in real time, recordings by streams at full speed, and recordings sent whole, with Deepgram
Nova. Needs the extra ``local``.

The endpoint, with a scripted recogniser, is in a process of its own and does not count.
"""
