"""What the user can put right, said in one form."""


class InputError(ValueError):
    """Something the caller gave is wrong: `where`, `what` is there, and how to `fix` it."""

    def __init__(self, where: object, what: str, fix: str) -> None:
        super().__init__(where, what, fix)
        self.where, self.what, self.fix = str(where), what, fix

    def __str__(self) -> str:
        return f"{self.where}: {self.what}\n  fix: {self.fix}"
