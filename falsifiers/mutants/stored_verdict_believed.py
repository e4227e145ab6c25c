"""In pv itself: what was printed once is printed again, whatever has changed since."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="stored-verdict-believed",
    group="engine",
    summary="what was printed once is printed again, whatever has changed since",
    edits=(
        Edit(
            module="pv.cli.memo",
            old='        digests = [f"{path}\\0{digest(path)}" for digest, paths in self._inputs for path in paths]\n',
            new="        digests = [str(path) for _, paths in self._inputs for path in paths]\n",
        ),
    ),
    expect="the law derived-read",
)
