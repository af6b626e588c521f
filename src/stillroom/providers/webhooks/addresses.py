"""Addresses that a stranger may make this server call: public ones, and networks that the operator allows."""

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit, urlunsplit

from stillroom.domain.webhooks import MAX_URL_CHARACTERS

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Returns the addresses of a host name; raises OSError."""

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST_NAME = re.compile(rf"(?=.{{1,253}}\Z)(?:{_LABEL}\.)*[a-z][a-z0-9-]{{0,62}}\.?")
"""The last label begins with a letter: `127.1`, `0x7f000001` and `2130706433` are spellings of addresses."""

_GLOBAL_UNICAST = IPv6Network("2000::/3")
"""The one range of IPv6 that IANA assigns to hosts on the internet."""

_SPECIAL_RANGES = """
0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24
203.0.113.0/24 224.0.0.0/4 240.0.0.0/4
2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20
"""
"""IANA's special-purpose registries of IPv4 and, inside global unicast, of IPv6, and multicast of IPv4.

`is_global` of the standard library takes some of them for public, and differs between versions of Python.
Ranges that are reachable are refused too: they belong to protocols such as Teredo and 6to4, to no receiver.
Sources: iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry.
"""

_SPECIAL = tuple(map(ip_network, _SPECIAL_RANGES.split()))

_METADATA = frozenset({IPv4Address("168.63.129.16"), IPv4Address("100.100.100.200")})
"""Metadata services of clouds outside the reserved ranges: Azure, Alibaba."""


class AddressRefused(Exception):
    """The address may not be called."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Target:
    """A resolved receiver.

    Attributes:
        host: Host name or address that the TLS certificate must state.
        authority: Value of the `Host` header.
        pinned: The URL with the address to connect to instead of the name.
    """

    host: str
    authority: str
    pinned: str


class AddressRules:
    """Decides which URLs may be called, and resolves each of them once."""

    def __init__(self, allowed: Sequence[str], resolve: Resolve | None = None) -> None:
        """`allowed` are networks in CIDR notation, beside the public ones."""
        self._allowed = tuple(ip_network(network) for network in allowed)
        self._resolve = resolve or _resolved

    def parsed(self, url: str) -> SplitResult:
        """Return the parts of a URL that could be called. Raises AddressRefused."""
        if len(url) > MAX_URL_CHARACTERS or not url.isascii() or not url.isprintable() or " " in url:
            raise AddressRefused("malformed")
        try:
            parts = urlsplit(url)
            port, host = parts.port, parts.hostname
        except ValueError as error:
            raise AddressRefused("malformed") from error
        if parts.scheme not in ("https", "http"):
            raise AddressRefused("scheme")
        if parts.scheme == "http" and not self._allowed:
            raise AddressRefused("https_only")
        if parts.username is not None or parts.password is not None or "\\" in parts.netloc or port == 0:
            raise AddressRefused("malformed")
        if not host or (_literal(host) is None and not _HOST_NAME.fullmatch(host)):
            raise AddressRefused("host")
        return parts

    async def resolved(self, url: str) -> Target:
        """Return where to connect for a URL. Raises AddressRefused, and OSError for an unknown name.

        Every address of the name must be allowed, and the connection uses the first: a name that leads to
        another address a moment later cannot redirect it.
        """
        parts = self.parsed(url)
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        found = [host] if _literal(host) else await self._resolve(host, port)
        addresses = [address for one in found if (address := _literal(one)) is not None]
        if not addresses:
            raise OSError("no address")
        for address in addresses:
            self._check(address, parts.scheme)
        first = addresses[0]
        netloc = f"[{first}]:{port}" if first.version == 6 else f"{first}:{port}"
        pinned = urlunsplit((parts.scheme, netloc, parts.path or "/", parts.query, ""))
        return Target(host.rstrip("."), parts.netloc, pinned)

    def _check(self, address: Address, scheme: str) -> None:
        if any(address in network for network in self._allowed):
            return
        if not _is_public(address):
            raise AddressRefused("private_address")
        if scheme != "https":
            raise AddressRefused("https_only")


def _literal(text: str) -> Address | None:
    """Return the address that a text states in its usual form; IPv4 in IPv6 becomes IPv4."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        if address.scope_id is not None:
            return address
        return address.ipv4_mapped or address
    return address


def _is_public(address: Address) -> bool:
    if address in _METADATA or any(address in network for network in _SPECIAL):
        return False
    return isinstance(address, IPv4Address) or address in _GLOBAL_UNICAST


async def _resolved(host: str, port: int) -> Sequence[str]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
