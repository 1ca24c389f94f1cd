"""The same by another binding."""
import os
import tempfile

import pyinotify


class Print(pyinotify.ProcessEvent):
    """Prints what it is told."""

    def process_default(self, event):
        print(event.maskname, event.name)


with tempfile.TemporaryDirectory() as directory:
    manager = pyinotify.WatchManager()
    notifier = pyinotify.Notifier(manager, Print(), timeout=500)
    manager.add_watch(directory, pyinotify.IN_CREATE | pyinotify.IN_DELETE | pyinotify.IN_CLOSE_WRITE)
    with open(os.path.join(directory, "file"), "w", encoding="ascii") as file:
        file.write("text")
    os.remove(os.path.join(directory, "file"))
    while notifier.check_events():
        notifier.read_events()
        notifier.process_events()
    notifier.stop()
