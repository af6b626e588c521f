"""The corpus against a running studio: nothing crashes it, nothing is stored that is not a clean picture."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile.cases import Case
from tests.hostile.corpus import corpus
from tests.hostile.runs import Sent, peak_megabytes, send
from tests.servers.studio_process import StudioProcess

SLOWEST_SECONDS = 5.0
DECODER_MEGABYTES, SERVER_MEGABYTES = 2_048, 400
CORPUS = corpus()


class Run:
    """A studio, and what became of the cases sent so far."""

    def __init__(self, studio: StudioProcess) -> None:
        self.studio = studio
        self.first_pid = studio.pid
        self.sent: list[Sent] = []
        self.decoder_megabytes = 0.0


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, weights_folder: Path) -> Iterator[Run]:
    """One studio for the whole corpus; without a worker, whose networks would hide what files cost."""
    settings = {"STILLROOM_USER_PER_MINUTE": "100000", "STILLROOM_EMBEDDED_WORKER": "false"}
    folder = tmp_path_factory.mktemp("hostile")
    with StudioProcess(folder, weights_folder, **settings) as studio:
        yield Run(studio)


def test_the_corpus_is_large_and_no_case_is_there_twice() -> None:
    assert len(CORPUS) >= 150
    assert len({case.name for case in CORPUS}) == len(CORPUS)


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: case.name)
def test_a_hostile_file_is_refused_or_stored_clean(run: Run, case: Case) -> None:
    sent = send(run.studio, case)
    run.sent.append(sent)
    run.decoder_megabytes = max(run.decoder_megabytes, peak_megabytes(run.studio)["decoder"])
    assert sent.errors == ()
    assert sent.seconds < SLOWEST_SECONDS


def test_server_accepts_photos_after_the_hostile_corpus(run: Run, golden: Path) -> None:
    assert run.studio.pid == run.first_pid
    assert run.studio.client.get("/health").json()["status"] == "ok"
    run.studio.upload(golden / "mug_kitchen.jpg")
    assert "Traceback" not in run.studio.log_file.read_text()


def test_the_corpus_stays_within_its_memory(run: Run) -> None:
    assert len(run.sent) > 0, "this test looks back at the others"
    assert peak_megabytes(run.studio)["server"] < SERVER_MEGABYTES
    assert 0 < run.decoder_megabytes < DECODER_MEGABYTES
