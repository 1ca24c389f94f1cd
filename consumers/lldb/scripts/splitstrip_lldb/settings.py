"""lldb's settings, such that answers depend on the library alone and not on terminal or habits."""

import lldb

_SETTINGS = (
    "auto-confirm true", "use-color false", "term-width 1024", "symbols.enable-lldb-index-cache false",
    # Reading all symbols of libc would take longer than all the rest.
    "target.preload-symbols false",
    "target.load-script-from-symbol-file false", "target.load-cwd-lldbinit false",
    "target.disable-aslr true", "target.inherit-env false", "target.max-string-summary-length 80",
    "target.max-children-count 64", "target.prefer-dynamic-value no-dynamic-values",
    "target.x86-disassembly-flavor default", "target.process.thread.max-backtrace-depth 200",
)


def normalise(debugger, debug_root):
    """Sets all of the above; a setting that this lldb does not have yet is left out.

    `debug_root` is where separate debug files are; empty if lldb looks there by itself.
    """
    debugger.SetAsync(False)
    commands, ignored = debugger.GetCommandInterpreter(), lldb.SBCommandReturnObject()
    for setting in _SETTINGS:
        commands.HandleCommand("settings set " + setting, ignored)
    if debug_root:
        commands.HandleCommand('settings set target.debug-file-search-paths "%s"' % debug_root, ignored)
