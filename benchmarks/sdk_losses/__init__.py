# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One program on Deepgram's SDK, run on this project's transport and on Deepgram's own.

``python -m benchmarks.sdk_losses`` runs ``program.py`` against the emulated endpoint with one fault
at a time, as it is and with one import changed, and prints a table of words lost and repeated;
``--write`` puts it into ``docs/deepgram-sdk.md``.
"""
