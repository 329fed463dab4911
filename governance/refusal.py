"""How a command ends whose settings or arguments are wrong."""

from typing import NoReturn


def refuse(name: str, problem: str, remedy: str) -> NoReturn:
    """End the process: a message on stderr and exit code 1, without a traceback."""
    raise SystemExit(f"{name}: {problem}; {remedy}.")
