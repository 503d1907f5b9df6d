#!/bin/sh
# When all services of a failover `ServiceSwitcher` are down and a standby recovers, it calls
# itself usable and stays on the dead one.
#
# Seen: 2026-11-28
# Guess: it moves to the service that works again.
#
# It moves only at the next error of the dead service, which has no reason to report one.
. "$(dirname "$0")/lib.sh"
packages pipecat-ai==1.14.0
python_program <<'EOF'
import asyncio

from loguru import logger
from pipecat.frames.frames import TextFrame
from pipecat.pipeline.service_switcher import ServiceSwitcher, ServiceSwitcherStrategyFailover
from pipecat.processors.frame_processor import FrameProcessor
from pipecat.tests.utils import SleepFrame, run_test

logger.remove()


class Service(FrameProcessor):
    async def process_frame(self, frame, direction):
        await super().process_frame(frame, direction)
        await self.push_frame(frame, direction)


async def main():
    first, standby = Service(name="first"), Service(name="standby")
    switcher = ServiceSwitcher([first, standby], ServiceSwitcherStrategyFailover)

    async def show(event):
        await asyncio.sleep(0.5)
        active = switcher.strategy.active_service.name
        print(f"{event}: active {active}, usable {switcher.is_usable}")

    async def outage():
        await asyncio.sleep(0.2)
        await standby.push_error("gone", force_treat_as_permanent=True)
        await show("standby down")
        await first.push_error("gone", force_treat_as_permanent=True)
        await show("both down")
        await standby.set_usable(True)
        await show("standby back")
        await first.push_error("still gone", force_treat_as_permanent=True)
        await show("first fails again")

    events = asyncio.create_task(outage())
    await run_test(switcher, frames_to_send=[SleepFrame(3), TextFrame("end")], start_timeout=30)
    await events


asyncio.run(main())
EOF
expect <<'EOF'
standby down: active first, usable True
both down: active first, usable False
standby back: active first, usable True
first fails again: active standby, usable True
EOF
