"""Query `live`: what gdb sees while the driver runs."""

import os

import gdb

from . import frames, typetext, values
from .inferior import Inferior
from .places import Places
from .registry import collector
from .safely import facts, told
from .state import state

# A function that calls itself stops often enough with this many.
MOST_HITS = 4
MOST_STEPS = 16
# However a driver loops, the run has an end.
MOST_STOPS = 400


def _stops(inferior, library, points):
    """Lets the driver run; yields the label of the breakpoint at each stop in the library.

    `points` maps a gdb.Breakpoint to its label. One that was hit often enough is taken away.
    """
    hits = dict.fromkeys(points.values(), 0)
    stop = inferior.go("continue")
    for _ in range(MOST_STOPS):
        if stop.why.startswith("exited"):
            return
        if stop.why == "breakpoint" and frames.in_library(gdb.newest_frame(), library):
            for breakpoint in stop.breakpoints:
                label = points.get(breakpoint)
                if label is None:
                    continue
                hits[label] += 1
                yield label
                if hits[label] >= MOST_HITS:
                    breakpoint.enabled = False
        stop = inferior.go("continue")


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


def _frames(library):
    yield from frames.stack(gdb.newest_frame(), library, Places())


def _breakpoints(session):
    driver = session.parameters.driver
    with Inferior(session) as inferior:
        points = {gdb.Breakpoint(spec): "break " + spec
                  for spec in driver.get("break_functions", []) + driver.get("break_lines", [])}
        hits = {label: [] for label in points.values()}
        for label in _stops(inferior, session.library, points):
            thread = gdb.selected_thread()
            hits[label].append((thread.num, list(facts("frames", _frames, session.library))))
            thread.switch()
        yield from _ordered(hits)


class _Return(gdb.FinishBreakpoint):
    """Stops where a call returns to, or tells `given_up` that it never does."""

    def __init__(self, frame, given_up):
        super().__init__(frame, internal=True)
        self._given_up = given_up

    def out_of_scope(self):
        """gdb calls this when the frame is gone: an exception, longjmp, the end of the program."""
        self._given_up()


def _returned(end, library):
    place = Places()
    value = end.return_value
    text = "nothing that gdb knows" if value is None else \
        "%s = %s" % (typetext.name(value.type), values.render(value, place))
    return "%s; to %s" % (text, frames.describe(gdb.newest_frame(), library, place))


def _finishes(session):
    driver = session.parameters.driver
    answers = []
    with Inferior(session) as inferior:
        points = {gdb.Breakpoint(spec): "finish " + spec for spec in driver.get("finish_functions", [])}
        hits = dict.fromkeys(points.values(), 0)
        waiting = {}  # a _Return: whose
        stop = inferior.go("continue")
        for _ in range(MOST_STOPS):
            if stop.why.startswith("exited"):
                break
            for breakpoint in stop.breakpoints:
                if breakpoint in waiting:
                    answers.append((waiting.pop(breakpoint), "returned " + told(_returned, breakpoint, session.library)))
                elif breakpoint in points and frames.in_library(gdb.newest_frame(), session.library):
                    label = points[breakpoint]
                    hits[label] += 1
                    key = "%s hit %d" % (label, hits[label])
                    if hits[label] >= MOST_HITS:
                        breakpoint.enabled = False
                    try:
                        end = _Return(gdb.newest_frame(), lambda key=key: answers.append((key, "did not return")))
                    except (ValueError, gdb.error) as problem:
                        answers.append((key, "cannot finish: %s" % problem))
                    else:
                        waiting[end] = key
            stop = inferior.go("continue")
    yield from answers


def _steps(session):
    driver = session.parameters.driver
    if not driver.get("step_from"):
        return
    with Inferior(session) as inferior:
        point = gdb.Breakpoint(driver["step_from"], temporary=True)
        if inferior.go("continue").why != "breakpoint":
            return
        del point
        for number in range(1, MOST_STEPS + 1):
            stop = inferior.go("step")
            if stop.why != "stopped":
                yield "step %d" % number, stop.why
                return
            frame = gdb.newest_frame()
            place = Places()
            yield "step %d" % number, told(frames.describe, frame, session.library, place)
            if frames.in_library(frame, session.library):
                for local, text in facts("?", frames.locals_of, frame, place):
                    yield "step %d local %s" % (number, local), text
            elif _is_called_by(frame, session.library):
                # Another library with line numbers: back to the one that is asked about.
                stop = inferior.go("finish")
                if stop.why.startswith("exited"):
                    return
            else:
                return


def _is_called_by(frame, library):
    """Whether one of the next few frames outwards is the library's."""
    for _ in range(4):
        frame = frame.older()
        if frame is None:
            return False
        if frames.in_library(frame, library):
            return True
    return False


def _paused(session):
    with Inferior(session, {"SPLITSTRIP_PAUSE": "1"}) as inferior:
        stop = inferior.go_until_ready()
        if stop.why != "signal SIGINT":
            raise RuntimeError("the driver did not wait to be looked at: " + stop.why)
        for key, text in state(session, Places()):
            yield "paused " + key, text
        if session.parameters.gdbserver:
            yield from _loaded(session)


def _loaded(session):
    """Yields which of the stage's files gdbserver handed over, and which debug file gdb has for each."""
    debug = {file.owner.filename: file for file in gdb.objfiles() if file.owner is not None}
    for file in gdb.objfiles():
        name = os.path.normpath(file.filename.replace("target:", "", 1))
        if file.owner is None and name.startswith(session.parameters.root):
            way = "by gdbserver" if file.filename.startswith("target:") else "as a file"
            yield "loaded " + os.path.basename(name), "%s, build-id %s, %s" % (
                way, file.build_id, "with a debug file" if file.filename in debug else "alone")


@collector("live")
def live(session):
    """Key: break, finish, step or paused, and what was looked at. Value: what gdb showed."""
    yield from _breakpoints(session)
    yield from _finishes(session)
    yield from _steps(session)
    yield from _paused(session)
