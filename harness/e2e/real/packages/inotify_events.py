"""What happens in a directory, by inotify."""
import os
import tempfile

import inotify.adapters

with tempfile.TemporaryDirectory() as directory:
    watcher = inotify.adapters.Inotify()
    watcher.add_watch(directory)
    with open(os.path.join(directory, "file"), "w", encoding="ascii") as file:
        file.write("text")
    os.remove(os.path.join(directory, "file"))
    for _, kinds, _, name in watcher.event_gen(yield_nones=False, timeout_s=1):
        print(kinds, name)
    watcher.remove_watch(directory)
