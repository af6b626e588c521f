"""Addresses that a server can or cannot listen at."""

import socket

import pytest

from stillroom.cli.listening import obstacle, require_free
from stillroom.domain.errors import Conflict


def test_taken_port_is_refused_with_its_address_and_advice() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Conflict) as refused:
            require_free("127.0.0.1", port, "Set another.")
    assert refused.value.detail == f"127.0.0.1:{port}: Address already in use. Set another."
    require_free("127.0.0.1", port, "Set another.")


def test_ipv6_port_is_free_while_another_server_has_the_same_one_of_ipv4() -> None:
    if not socket.has_dualstack_ipv6():
        pytest.skip("This machine has no IPv6 address.")
    with socket.create_server(("127.0.0.1", 0)) as other:
        assert obstacle("::", other.getsockname()[1]) is None
