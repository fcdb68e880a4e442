"""The settings as a command gets them, with an error that names the setting and never its value."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from gateway.errors import StartRefused
from gateway.settings import Settings


def configured(**given: Any) -> Settings:
    """Return the settings; arguments that are None leave the environment's word. Raises StartRefused."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(str(step) for step in problem['loc'])}: {problem['msg']}"
            for problem in error.errors(include_input=False, include_url=False)
        )
        raise StartRefused(f"The settings are wrong: {problems}. See docs/settings.md.") from None
    except (OSError, ValueError) as error:
        raise StartRefused(f"The settings cannot be read: {type(error).__name__}.") from None
