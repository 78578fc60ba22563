"""`smoke`: places one synthetic call, to a stack of its own or to a deployment."""

import argparse
import os
import sys
from dataclasses import replace

from services.simulator.cli.ending import UNANSWERED, Unusable, ended, note
from services.simulator.scenarios import businesses
from services.simulator.scenarios import scenario as scenarios
from shared import local_stack


def smoke(arguments: argparse.Namespace) -> int:
    """Run the command. Arguments: local, stage, base_url, business, speed, draft,
    number.

    Raises:
        Unusable: what was named cannot be rung.
        ChildFailed: a process of the local stack did not start.
    """
    # Imported when asked for: a deployment is found with boto3, which takes its time.
    from services.simulator.smoke import number, ringing, run, target

    def say(line: str) -> None:
        print(line, flush=True)

    stack = local_stack.find(os.environ, note) if arguments.local else None
    if arguments.draft and arguments.local and stack is None:
        raise Unusable("a draft lies in the store of a stack that is up: start one with `make up`")

    async def placed() -> int:
        if arguments.local and stack is None:
            spec = scenarios.load("spec")
            with businesses.rung(arguments.business or spec.business) as business:
                script = spec.model_copy(update={"business": business})
                steps = await run.against_local(say, script, speed=arguments.speed)
        else:
            said = ringing.as_data() if stack and stack.mode == "text" else None
            steps = await ringing.against(chosen, say, said)
        return 0 if ringing.report(steps, say) else UNANSWERED

    try:
        if stack is not None:
            note("the stack that is up is rung")
            chosen = target.at_local(stack, arguments.business, arguments.number)
        if arguments.base_url:
            chosen = target.at_url(arguments.base_url, arguments.business)
        elif arguments.stage:
            chosen = target.at_stage(arguments.stage, arguments.business, number=arguments.number)
        if arguments.draft:
            chosen = replace(chosen, draft=arguments.draft)
        return ended(placed())
    except number.NoTarget as exc:
        raise Unusable(str(exc)) from exc
    except TimeoutError:
        print(f"simulator: the call did not end in {ringing.LONGEST_S:.0f} s", file=sys.stderr)
        return UNANSWERED
