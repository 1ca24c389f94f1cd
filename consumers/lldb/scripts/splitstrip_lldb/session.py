"""What all collectors of one run share."""

import lldb

from splitstrip.naming import Names

EVERY = 0xFFFFFFFF  # no limit to what a search finds


class Session:
    """The library that is asked about and the parameters of the run."""

    def __init__(self, debugger, parameters):
        self.debugger = debugger
        self.parameters = parameters
        self.library = parameters.library
        self._target = None

    @property
    def target(self):
        """The library alone, as a file."""
        if self._target is None:
            self._target = self.create_target(self.library)
        return self._target

    @property
    def module(self):
        """The library's lldb.SBModule."""
        return self.target.GetModuleAtIndex(0)

    def create_target(self, path, triple=None):
        """A target of the file `path`; `triple` says what the file itself does not."""
        problem = lldb.SBError()
        target = self.debugger.CreateTarget(path, triple, None, False, problem)
        if not problem.Success():
            raise RuntimeError("lldb cannot open %s: %s" % (path, problem))
        return target

    def units(self):
        """The library's compile units."""
        module = self.module
        for index in range(module.GetNumCompileUnits()):
            yield module.GetCompileUnitAtIndex(index)

    def functions(self):
        """Each function with code once, in the order of addresses, then of names.

        A linker may have folded several to one address (--icf); which lldb finds first there depends
        on what it was asked before.
        """
        found = {}
        for context in self.target.FindGlobalFunctions(".*", EVERY, lldb.eMatchTypeRegex):
            function = context.GetFunction()
            if function.IsValid():
                name = function.GetMangledName() or function.GetName() or ""
                found.setdefault((function.GetStartAddress().GetFileAddress(), name), function)
        return [found[place] for place in sorted(found)]

    def command(self, text):
        """What lldb prints for a command about the library."""
        result = lldb.SBCommandReturnObject()
        context = lldb.SBExecutionContext(self.target)
        self.debugger.GetCommandInterpreter().HandleCommand(text, context, result, False)
        return result.GetOutput() or ""

    def names(self):
        """A fresh keeper of unique keys."""
        return Names()


def system_triple(target):
    """The target's triple with the system in it.

    lldb 14 refuses a core file in which neither a path nor a note names one.
    """
    return target.GetTriple().partition("-")[0] + "-pc-linux-gnu"


def path_of(file):
    """The path of an lldb.SBFileSpec as the line table has it."""
    directory, name = file.GetDirectory(), file.GetFilename()
    return "%s/%s" % (directory, name) if directory else name or ""


def place(declaration):
    """Where something is declared: "file:line", or "" if lldb does not know."""
    if not declaration.IsValid():
        return ""
    return "%s:%d" % (path_of(declaration.GetFileSpec()), declaration.GetLine())
