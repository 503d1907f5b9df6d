# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Recordings that wait in a queue: kept in a database, transcribed by workers, called back."""
