# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""What is answered besides streams: AWS's control plane, and the emulator's own control."""
