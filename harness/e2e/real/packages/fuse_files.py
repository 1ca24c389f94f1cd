"""A file system of one file, mounted where that is allowed."""
import errno
import os
import stat
import tempfile
import threading
import time

import fusepy as fuse


class Files(fuse.Operations):
    """One file, `file`."""

    def getattr(self, path, fh=None):
        if path == "/":
            return {"st_mode": stat.S_IFDIR | 0o755, "st_nlink": 2}
        if path == "/file":
            return {"st_mode": stat.S_IFREG | 0o444, "st_nlink": 1, "st_size": 5}
        raise fuse.FuseOSError(errno.ENOENT)

    def readdir(self, path, fh):
        return [".", "..", "file"]

    def read(self, path, size, offset, fh):
        return b"bytes"[offset:offset + size]


def look(directory, seen):
    """What is there once it is mounted; unmounts it then."""
    for _ in range(100):
        if os.path.ismount(directory):
            with open(os.path.join(directory, "file"), "rb") as file:
                seen.append((os.listdir(directory), file.read(), os.path.exists(os.path.join(directory, "other"))))
            os.system("umount -l " + directory)
            return
        time.sleep(0.05)


with tempfile.TemporaryDirectory() as mounted:
    found = []
    watcher = threading.Thread(target=look, args=(mounted, found))
    watcher.start()
    try:
        fuse.FUSE(Files(), mounted, foreground=True, nothreads=True)
    except RuntimeError as error:
        print("not mounted", error)
    watcher.join()
    print(found)
