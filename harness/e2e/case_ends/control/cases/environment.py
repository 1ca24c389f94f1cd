"""How much lies on the stack above the environment's table."""


def wrong(lib):
    return lib.control_environment()
