"""The one way in which a job tells its submitter that something they sent can't be used."""


class Fault(Exception):
    """`code` is for programs and never changes; `message`, `where` and `remedy` are for people."""

    def __init__(self, code: str, message: str, where: str, remedy: str):
        self.code, self.where, self.remedy = code, printable(where), printable(remedy)
        self.message = printable(message)
        super().__init__(f"{self.message} ({self.where})")


def printable(text: object, limit: int = 400) -> str:
    """Text from a submitted file, safe for a terminal and short enough for a report line."""
    shown = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in str(text)[: limit + 1])
    return shown if len(shown) <= limit else shown[:limit] + "…"
