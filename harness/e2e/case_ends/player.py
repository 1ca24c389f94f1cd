"""Runs in the interpreter: plays $CASE_ENDS_PLAYS, a JSON list of [key, library, script, part, checked], as the query
`ffi-crash` does (consumers/ctypes/scripts), and writes "key TAB how it ended" of each to descriptor 1."""

import json
import os
import sys

sys.dont_write_bytecode = True
sys.path[:0] = json.loads(os.environ["CASE_ENDS_PATH"])

from splitstrip_ctypes.play import play  # noqa: E402  (the path has to be set first)

with open(os.environ["CASE_ENDS_PLAYS"], encoding="utf-8") as file:
    plays = json.load(file)
for checked in (False, True):
    install = None
    if checked and any(each[4] for each in plays):
        from typesafe_ctypes import install  # not before: plain ctypes is to be what it is without
    for key, library, script, part, wanted in plays:
        if bool(wanted) == checked:
            ending = play(library, script, part, install)
            os.write(1, ("%s\t%s\n" % (key, ending.text)).encode("utf-8", "backslashreplace"))
os._exit(0)  # what is played in processes of its own leaves nothing to clean up
