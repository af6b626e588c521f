"""Deliveries go to public addresses alone, to the address that was checked, and no further."""

import asyncio
import datetime
import ipaddress
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from stillroom.domain.errors import ValidationFailed
from stillroom.domain.webhooks import SendResult
from stillroom.providers.webhooks.addresses import AddressRefused, AddressRules
from stillroom.providers.webhooks.sender import HttpWebhookSender

pytestmark = pytest.mark.anyio

HERE = ("127.0.0.0/8",)
NAME = "hooks.example"


@dataclass
class ScriptedNameServer:
    """A name server that gives its answers one after the other, the last for ever."""

    answers: list[Sequence[str]]
    asked: int = 0

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        assert (host, port > 0) != ("", False)
        self.asked += 1
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@dataclass
class Server:
    """Answers every request with the same bytes, and remembers the heads."""

    answer: bytes
    stalls: bool = False
    port: int = 0
    heads: list[str] = field(default_factory=list)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            self.heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
            writer.write(self.answer)
            await writer.drain()
            if self.stalls:
                await reader.read()
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()


@asynccontextmanager
async def serving(
    answer: bytes, tls: ssl.SSLContext | None = None, *, stalls: bool = False
) -> AsyncIterator[Server]:
    server = Server(answer, stalls)
    listening = await asyncio.start_server(server.handle, "127.0.0.1", 0, ssl=tls)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


async def sent(
    url: str, names: ScriptedNameServer | None = None, tls: ssl.SSLContext | None = None
) -> SendResult:
    rules = AddressRules(HERE, names or ScriptedNameServer([["127.0.0.1"]]))
    return await HttpWebhookSender(rules, tls, deadline_seconds=2.0).send(url, {"webhook-id": "msg_1"}, b"{}")


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://100.64.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://168.63.129.16/",
        "https://0.0.0.0/",
        "https://255.255.255.255/",
        "https://224.0.0.1/",
        "https://[::1]/",
        "https://[::]/",
        "https://[fe80::1]/",
        "https://[fe80::1%25eth0]/",
        "https://[fd00:ec2::254]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[::ffff:a9fe:a9fe]/",
        "https://[64:ff9b::a00:1]/",
        "https://[2002:a00:1::]/",
        "https://192.0.0.192/",
        "https://192.0.0.9/",
        "https://192.88.99.1/",
        "https://192.31.196.1/",
        "https://192.52.193.1/",
        "https://192.175.48.1/",
        "https://198.18.0.1/",
        "https://[3fff::1]/",
        "https://[5f00::1]/",
        "https://[100:0:0:1::1]/",
        "https://[2001:db8::1]/",
        "https://[2001:1::1]/",
        "https://[2620:4f:8000::1]/",
        "https://[fec0::1]/",
        "https://[ff0e::1]/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://127.0.0.1./",
        "https://１２７.0.0.1/",
        "https://user:word@shop.example/",
        "https://shop.example:0/",
        "https://shop.example:99999/",
        "https://shop.example\\@10.0.0.1/",
        "https://shop example/",
        "https:///hook",
        "http://shop.example/",
        "ftp://shop.example/",
        "file:///etc/passwd",
        "https://shop.example/" + "a" * 2048,
    ],
)
async def test_an_address_that_is_not_public_is_refused_when_it_is_stored_and_when_it_is_called(
    url: str,
) -> None:
    names = ScriptedNameServer([["93.184.215.14"]])
    sender = HttpWebhookSender(AddressRules((), names))
    with pytest.raises(ValidationFailed) as refused:
        await sender.check(url)
    assert refused.value.params["fields"][0]["field"] == "url"
    result = await sender.send(url, {}, b"{}")
    assert (result.status, result.error) == (None, refused.value.params["fields"][0]["reason"])


async def test_public_and_allowed_addresses_pass() -> None:
    rules = AddressRules(("10.0.0.0/8", "fd00::/8"), ScriptedNameServer([["93.184.215.14"]]))
    for url, pinned in (
        ("https://Shop.Example/hook?a=1", "https://93.184.215.14:443/hook?a=1"),
        ("https://[2606:4700::1111]:8443", "https://[2606:4700::1111]:8443/"),
        ("https://192.0.1.1/", "https://192.0.1.1:443/"),
        ("https://[2001:200::1]/", "https://[2001:200::1]:443/"),
        ("http://10.0.0.7:8080/x", "http://10.0.0.7:8080/x"),
        ("https://[::ffff:10.0.0.7]/", "https://10.0.0.7:443/"),
    ):
        assert (await rules.resolved(url)).pinned == pinned
    with pytest.raises(AddressRefused, match="https_only"):
        await rules.resolved("http://shop.example/")


async def test_unresolvable_host_name_can_be_stored() -> None:
    async def unknown(host: str, port: int) -> Sequence[str]:
        raise OSError(f"{host}:{port}")

    sender = HttpWebhookSender(AddressRules((), unknown))
    await sender.check("https://shop.example/hook")
    assert (await sender.send("https://shop.example/hook", {}, b"{}")).error == "unresolved"


async def test_a_name_that_changes_its_address_after_the_check_is_refused() -> None:
    names = ScriptedNameServer([["127.0.0.1"], ["10.0.0.1"], ["127.0.0.1", "10.0.0.1"]])
    sender = HttpWebhookSender(AddressRules(HERE, names))
    await sender.check(f"https://{NAME}/")
    assert (await sender.send(f"https://{NAME}/", {}, b"{}")).error == "private_address"
    assert (await sender.send(f"https://{NAME}/", {}, b"{}")).error == "private_address", "one is enough"


async def test_a_name_is_looked_up_once_and_the_connection_goes_to_that_address() -> None:
    async with serving(OK) as server:
        names = ScriptedNameServer([["127.0.0.1"], ["10.0.0.1"]])
        url = f"http://{NAME}:{server.port}/hook"
        assert await sent(url, names) == SendResult(200, None)
        assert names.asked == 1
        assert f"host: {NAME}:{server.port}" in server.heads[0].lower()
        assert "webhook-id: msg_1" in server.heads[0].lower()


async def test_redirects_are_failures_and_are_not_followed() -> None:
    async with serving(OK) as target:
        head = f"HTTP/1.1 307 Go\r\nLocation: http://127.0.0.1:{target.port}/\r\nContent-Length: 0\r\n\r\n"
        async with serving(head.encode()) as server:
            assert await sent(f"http://{NAME}:{server.port}/") == SendResult(307, "redirect")
        assert target.heads == []


async def test_endless_response_is_not_read_and_a_missing_one_times_out() -> None:
    endless = b"HTTP/1.1 503 No\r\nContent-Length: 999999999999\r\n\r\n" + b"x" * 65536
    async with serving(endless, stalls=True) as server:
        assert await sent(f"http://{NAME}:{server.port}/") == SendResult(503, "http_503")
    async with serving(b"HTTP/1.1 200", stalls=True) as server:
        assert await sent(f"http://{NAME}:{server.port}/") == SendResult(None, "timeout")
    assert (await sent(f"http://{NAME}:{server.port}/")).error == "unreachable"


def certificate_for(name: str, folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context with a certificate of that name, and a client's that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.datetime.now(datetime.UTC)
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    names: list[x509.GeneralName] = [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("10.9.9.9"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(called)
        .issuer_name(called)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cafile=str(file))


async def test_certificate_must_match_the_host_name(tmp_path: Path) -> None:
    server_tls, client_tls = certificate_for(NAME, tmp_path)
    async with serving(OK, server_tls) as server:
        assert await sent(f"https://{NAME}:{server.port}/", tls=client_tls) == SendResult(200, None)
        assert (await sent(f"https://other.example:{server.port}/", tls=client_tls)).error == "tls"
        assert (await sent(f"https://{NAME}:{server.port}/")).error == "tls", "nobody vouches for it"
