"""Whether the stack ends where it does without ASLR."""


def wrong(lib):
    with open("/proc/self/maps", encoding="utf-8") as maps:
        stack = next(line for line in maps if line.endswith("[stack]\n"))
    return stack.split()[0].endswith("-7ffffffff000")
