"""In pv itself: an error leaves the command as a traceback, with status 1."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="bare-traceback",
    group="engine",
    summary="an error leaves the command as a traceback, with status 1",
    edits=(
        Edit(
            module="pv.cli.__init__",
            old="        return _failed(error)\n",
            new="        raise error\n",
        ),
    ),
    expect="the law traceback",
)
