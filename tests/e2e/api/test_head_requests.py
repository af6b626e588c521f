"""HEAD beside GET, as download managers and link checkers ask."""

from pathlib import Path

from tests.servers.studio_process import StudioProcess


def test_every_get_route_answers_head(studio: StudioProcess, golden: Path) -> None:
    session = studio.open_session(golden / "mug_kitchen.jpg")
    job = studio.submit("/edit", session_id=session["id"], operation="optimize", candidates=1)
    variant = studio.finished(job["id"])["variants"][0]
    made = studio.client.post(
        "/export", json={"variant_ids": [variant["id"]], "presets": ["web-1080"]}
    ).json()
    addresses = [
        session["image"]["url"],
        f"{variant['image']['url']}?size=thumb",
        made["exports"][0]["url"],
        made["archive_url"],
        "/config",
        "/docs",
        "/docs/",
        "/image/ast_nowhere",
    ]
    for address in addresses:
        head, get = studio.client.head(address), studio.client.get(address)
        assert head.status_code == get.status_code, address
        assert head.content == b""
        same = ("content-type", "content-length", "content-disposition", "etag", "cache-control")
        if get.status_code == 200:
            assert [head.headers.get(name) for name in same] == [get.headers.get(name) for name in same]
    # The page itself is there only in a build.
    assert studio.client.head("/").status_code == studio.client.get("/").status_code
    assert studio.client.head(f"/stream/{job['id']}").status_code == 405
    assert studio.client.get(session["image"]["url"]).content, "the connection is still in step"
