"""A callback that the library keeps is collected, and it is not asked whether another one is in its place."""

import gc
from ctypes import CFUNCTYPE, c_int, c_size_t

measure = CFUNCTYPE(c_size_t, c_int)


def wrong(lib):
    lib.control_keep.argtypes = [measure]
    lib.control_keep.restype = None
    lib.control_ask.argtypes = [c_int]
    lib.control_ask.restype = c_size_t
    callback = measure(lambda index: index + 1)
    lib.control_keep(callback)
    del callback
    gc.collect()
    others = [measure(lambda index: 666) for _ in range(10000)]
    return lib.control_ask(6) if others else None
