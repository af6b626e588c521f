"""A receiver that listens to a studio, and a studio that is killed before it hears the answer."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from standardwebhooks import Webhook as Verifier

from tests.servers.studio_process import StudioProcess, until

HERE = {"STILLROOM_WEBHOOK_ALLOW": "127.0.0.0/8"}


class Receiver(ThreadingHTTPServer):
    """Keeps what it gets; answers once `answers` is set."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.messages: list[tuple[dict[str, str], bytes]] = []
        self.received = threading.Event()
        self.answers = threading.Event()
        self.answers.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"

    def wait_for(self, count: int) -> list[tuple[dict[str, str], bytes]]:
        deadline = time.monotonic() + 60
        while len(self.messages) < count:
            self.received.clear()
            assert self.received.wait(max(0.0, deadline - time.monotonic())), self.messages
        return self.messages


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.messages.append((dict(self.headers.items()), body))
        self.server.received.set()
        self.server.answers.wait(30)
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Suppress the log."""


@contextmanager
def receiving() -> Iterator[Receiver]:
    with Receiver() as receiver:
        threading.Thread(target=receiver.serve_forever, daemon=True).start()
        yield receiver
        receiver.answers.set()
        receiver.shutdown()


def ended(studio: StudioProcess, webhook_id: str, count: int) -> list[dict[str, Any]]:
    """The deliveries, once that many have ended."""

    def deliveries() -> list[dict[str, Any]]:
        found = studio.client.get(f"/webhook/{webhook_id}/delivery").json()["items"]
        return [one for one in found if one["status"] != "pending"]

    until(lambda: len(deliveries()) >= count)
    return deliveries()


def test_a_message_that_was_sent_when_the_studio_died_comes_again_with_the_same_id(
    tmp_path: Path, weights_folder: Path, golden: Path
) -> None:
    with receiving() as receiver, StudioProcess(tmp_path / "data", weights_folder, **HERE) as studio:
        session = studio.open_session(golden / "mug_kitchen.jpg")["id"]
        events = ["job.succeeded", "export.ready"]
        webhook = studio.client.post("/webhook", json={"url": receiver.url, "events": events}).json()
        assert studio.client.get(f"/webhook/{webhook['id']}").json().get("secret") is None
        receiver.answers.clear()
        job = studio.submit("/edit", session_id=session, operation="optimize", candidates=1)
        finished = studio.finished(job["id"])
        receiver.wait_for(1)
        studio.kill()
        receiver.answers.set()
        studio.start()
        (first, body), (again, same) = receiver.wait_for(2)[:2]
        assert (first["webhook-id"], body) == (again["webhook-id"], same)
        payload = Verifier(webhook["secret"]).verify(body, first)
        assert (payload["type"], payload["data"]["job_id"]) == ("job.succeeded", job["id"])
        picture = studio.client.get(payload["data"]["image_urls"][0])
        assert picture.status_code == 200
        (delivery,) = ended(studio, webhook["id"], 1)
        assert (delivery["status"], delivery["attempts"], delivery["response_status"]) == (
            "succeeded",
            2,
            204,
        )
        made = {"variant_ids": [finished["variants"][0]["id"]], "presets": ["ebay-main"]}
        (export,) = studio.client.post("/export", json=made).json()["exports"]
        headers, body = receiver.wait_for(3)[2]
        told = Verifier(webhook["secret"]).verify(body, headers)
        assert studio.client.get(told["data"]["url"]).status_code == 200
        assert told["data"]["export_id"] == export["id"]
        replay = studio.client.post(f"/webhook/{webhook['id']}/delivery/{delivery['n']}/replay")
        assert replay.status_code == 202
        assert receiver.wait_for(4)[3][0]["webhook-id"] == first["webhook-id"]
        log = studio.log_file.read_text("utf-8")
        assert "webhook_sent" in log
        assert webhook["secret"] not in log
