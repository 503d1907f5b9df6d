# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The words that services lose when a stream breaks: this project's and Pipecat's own, in one run.

``python -m benchmarks.losses`` speaks fifty words through each service in a real pipeline, in an
environment of its own, against the emulated endpoint with one fault at a time, and prints a table:
words that no final has, words that several have, and whether other frames still came through.
"""
