"""Query `live`: what lldb sees while the driver runs."""

from splitstrip.registry import collector
from splitstrip.safely import facts, told

from . import frames, values
from .inferior import Inferior
from .places import Places
from .state import state

# A function that calls itself stops often enough with this many.
MOST_HITS = 4
MOST_STEPS = 16
# However a driver loops, the run has an end.
MOST_STOPS = 200


def _stops(inferior, points):
    """Lets the driver run; yields the label of the breakpoint, and the thread, at each stop.

    `points` maps a breakpoint's id to it and its label. One that was hit often enough is taken away.
    """
    hits = {}
    for _ in range(MOST_STOPS):
        why = inferior.go()
        if why.startswith("exited"):
            return
        for thread in inferior.process:
            point = points.get(thread.GetStopReasonDataAtIndex(0)) if why == "breakpoint" else None
            if point is None:
                continue
            breakpoint, label = point
            hits[label] = hits.get(label, 0) + 1
            if hits[label] >= MOST_HITS:
                breakpoint.SetEnabled(False)
            yield label, thread


def _points(inferior, kind, specs):
    made = [(inferior.break_at(spec), "%s %s" % (kind, spec)) for spec in specs]
    return {breakpoint.GetID(): (breakpoint, label) for breakpoint, label in made}


def _ordered(hits):
    """Yields the facts of hits, numbered per label.

    Threads reach a place in whatever order; where another than the first one was there, hits are
    numbered in the order of what they show.
    """
    for label, shown in hits.items():
        if any(number != 1 for number, _ in shown):
            shown.sort(key=lambda hit: hit[1])
        for count, (_, of_hit) in enumerate(shown, 1):
            for key, text in of_hit:
                yield "%s hit %d %s" % (label, count, key), text


def _breakpoints(session, driver):
    with Inferior(session) as inferior:
        points = _points(inferior, "break", driver.get("break_functions", []) + driver.get("break_lines", []))
        hits = {}
        for label, thread in _stops(inferior, points):
            place = Places(inferior.process)
            hits.setdefault(label, []).append(
                (thread.GetIndexID(), list(facts("frames", frames.stack, thread, session.library, place))))
        yield from _ordered(hits)


def _returned(thread, library, place):
    value = thread.GetStopReturnValue()
    text = "nothing that lldb knows"
    if value.IsValid():
        text = "%s = %s" % (value.GetTypeName(), values.render(value, place))
    return "returned %s; to %s" % (text, frames.describe(thread.GetFrameAtIndex(0), library, place))


def _finishes(session, driver):
    hits = {}
    with Inferior(session) as inferior:
        points = _points(inferior, "finish", driver.get("finish_functions", []))
        for label, thread in _stops(inferior, points):
            thread.StepOut()
            text = told(_returned, thread, session.library, Places(inferior.process))
            hits.setdefault(label, []).append((thread.GetIndexID(), [("returns", text)]))
    yield from _ordered(hits)


def _steps(session, driver):
    if not driver.get("step_from"):
        return
    with Inferior(session) as inferior:
        inferior.break_at(driver["step_from"]).SetOneShot(True)
        if inferior.go() != "breakpoint":
            return
        thread = inferior.thread()
        for number in range(1, MOST_STEPS + 1):
            thread.StepInto()
            if inferior.why() != "stopped":
                yield "step %d" % number, inferior.why()
                return
            frame, place = thread.GetFrameAtIndex(0), Places(inferior.process)
            yield "step %d" % number, told(frames.describe, frame, session.library, place)
            if not frames.in_library(frame, session.library):
                return


def _paused(session):
    with Inferior(session, ["SPLITSTRIP_PAUSE=1"]) as inferior:
        why = inferior.start()
        if why != "signal SIGINT":
            raise RuntimeError("the driver did not wait to be looked at: " + why)
        for key, text in state(session, inferior.process, Places(inferior.process)):
            yield "paused " + key, text


@collector("live")
def live(session):
    """Key: break, finish, step or paused, and what was looked at. Value: what lldb showed."""
    driver = session.parameters.driver
    yield from _breakpoints(session, driver)
    yield from _finishes(session, driver)
    yield from _steps(session, driver)
    yield from _paused(session)
