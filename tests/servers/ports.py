"""Finds free ports."""

import random
import socket
from contextlib import ExitStack

# Below the range that Linux hands to outgoing connections (32768 and up, ip_local_port_range), so that
# a port found free here is not taken by some client a moment later.
LOWEST, HIGHEST = 15_000, 32_000


def free_ports(count: int, *, also_offset: int = 0) -> list[int]:
    """Find distinct ports that can be bound on 127.0.0.1.

    Args:
        count: How many.
        also_offset: When not 0, port + offset must be free too (SeaweedFS derives gRPC ports so), and lies
            below Linux's range like the port.

    Returns:
        The ports, none of them held any more.

    Raises:
        RuntimeError: Too few ports are free.
    """
    found: list[int] = []
    with ExitStack() as held:
        for port in random.sample(range(LOWEST, HIGHEST - also_offset), k=2_000):
            with ExitStack() as attempt:
                try:
                    for number in {port, port + also_offset}:
                        attempt.enter_context(_bound(number))
                except OSError:
                    continue
                held.push(attempt.pop_all())
            found.append(port)
            if len(found) == count:
                return found
    raise RuntimeError(f"Fewer than {count} free ports on 127.0.0.1")


def _bound(port: int) -> socket.socket:
    holder = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        holder.bind(("127.0.0.1", port))
    except OSError:
        holder.close()
        raise
    return holder
