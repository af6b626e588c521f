"""Programs that no Python package carries."""

import os
import shutil

import pytest


def debian_tool(name: str) -> str:
    """Path of the program; without it a developer's test is skipped, and one of CI fails.

    Args:
        name: Also of the Debian package.
    """
    found = shutil.which(name)
    if found is None:
        message = f"{name} is missing: apt-get install {name}"
        assert not os.environ.get("CI"), message
        pytest.skip(message)
    return found
