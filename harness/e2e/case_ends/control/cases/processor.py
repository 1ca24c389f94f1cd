"""Which processor this is."""


def wrong(lib):
    return lib.control_processor()
