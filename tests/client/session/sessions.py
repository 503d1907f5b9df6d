# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Sessions in each phase, and what to ask of them."""

from typing import Any

from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.client.config import ClientConfig, RetryPolicy
from pipecat_sagemaker_deepgram.client.session.state import Phase
from pipecat_sagemaker_deepgram.exceptions import RejectedError

from .simulation import Simulation

DENIED = RejectedError("denied", status_code=403, code="AccessDeniedException")
WORD = 0.1


def simulate(*, policy: RetryPolicy | None = None, **options: Any) -> Simulation:
    """A session that has not begun; options of the simulation, and fields of the config."""
    of_config: dict[str, Any] = {"rotate_after": None}
    of_config |= {name: options.pop(name) for name in list(options) if hasattr(ClientConfig, name)}
    config = ClientConfig(**of_config)
    return Simulation(
        0,
        config=config,
        policy=policy or RetryPolicy(),
        chance=options.pop("chance", 0.5),
        **options,
    )


def connecting(**options: Any) -> Simulation:
    simulation = simulate(**options)
    simulation.session.connect(simulation.now)
    simulation.step()
    return simulation


def up(**options: Any) -> Simulation:
    simulation = connecting(**options)
    simulation.open(1)
    return simulation


def down(**options: Any) -> Simulation:
    """A session whose recovery has failed; stream 1 never came up."""
    simulation = connecting(probe_interval=10.0, **options)
    simulation.fail(1, DENIED)
    return simulation


def told(simulation: Simulation, *kinds: type) -> list[events.SessionEvent]:
    """The events so far, of some kinds or all."""
    return [event for event in simulation.events if isinstance(event, kinds or object)]


def names(simulation: Simulation) -> list[str]:
    return [type(event).__name__ for event in simulation.events]


def close(simulation: Simulation, timeout: float = 5.0) -> None:
    simulation.session.close(simulation.now, timeout=timeout)
    simulation.step()


def lost_seconds(simulation: Simulation) -> float:
    """What the session's end told of audio that was not answered."""
    closed = simulation.events[-1]
    assert isinstance(closed, events.Closed)
    return closed.lost_seconds


def assert_ended_well(simulation: Simulation) -> None:
    assert simulation.session.state.phase is Phase.CLOSED
    assert simulation.session.state.failure is None
    assert simulation.events[-1] == events.Closed(0.0)
    assert simulation.heard == simulation.given
    assert simulation.times == sorted(simulation.times)
    assert simulation.streams == {}
    assert simulation.session.get_timer() is None


def lose_and_reopen(simulation: Simulation, number: int) -> None:
    simulation.fail(number)
    simulation.wait(6.0)
    simulation.open(number + 1)


def attempts(simulation: Simulation) -> list[int]:
    return [
        event.attempt for event in simulation.events if isinstance(event, events.RetryScheduled)
    ]


def endpoints(simulation: Simulation) -> list[str]:
    """Where the streams went, in order."""
    return [e.target.endpoint_name for e in simulation.events if isinstance(e, events.Connecting)]
