"""Memory is given back twice."""


def wrong(lib):
    lib.control_free_twice.restype = None
    return lib.control_free_twice()
