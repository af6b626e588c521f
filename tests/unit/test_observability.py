"""Logging: one format for all lines, and nothing secret in a traceback."""

import subprocess
import sys

import pytest

FAILING = """
import structlog
from stillroom.observability import set_up_logging

set_up_logging(as_json={as_json})
def call(key):
    raise ValueError("the vendor said no")
try:
    call("sk-" + "secret")
except ValueError:
    structlog.get_logger().error("provider_broke", exc_info=True)
"""


@pytest.mark.parametrize("as_json", [True, False])
def test_a_logged_traceback_does_not_print_local_variables(as_json: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FAILING.format(as_json=as_json)], capture_output=True, text=True, check=True
    )
    assert "the vendor said no" in done.stderr
    assert "sk-secret" not in done.stderr
