"""Memory is read that nobody wrote to."""


def wrong(lib):
    return lib.control_left_over()
