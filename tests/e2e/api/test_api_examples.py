"""The examples in docs/api.md work as they stand."""

import json
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

from PIL import Image

from tests.e2e.accounts import Accounts
from tests.servers.studio_process import StudioProcess

PAGE = Path(__file__).parents[3] / "docs" / "api.md"


def test_the_examples_run_from_top_to_bottom(tmp_path: Path, weights_folder: Path, golden: Path) -> None:
    script = "\n".join(re.findall(r"^```bash\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL))
    here = tmp_path / "here"
    here.mkdir()
    shutil.copy(golden / "mug_kitchen.jpg", here / "photo.jpg")
    with (
        StudioProcess(tmp_path / "studio", weights_folder, STILLROOM_AUTH="token") as studio,
        Accounts(studio) as accounts,
    ):
        environment = {**os.environ, "STILLROOM": studio.url, "TOKEN": accounts.create("anna")}
        run = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=here,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    assert run.returncode == 0, run.stdout + run.stderr
    with Image.open(here / "candidate.png") as candidate:
        assert min(candidate.size) > 256
    exports = json.loads((here / "exports.json").read_text("utf-8"))["exports"]
    assert len(zipfile.ZipFile(here / "files.zip").namelist()) == len(exports)
    assert zipfile.ZipFile(here / "batch.zip").namelist() == ["MUG-1_ebay-main.jpg"]
    assert (here / "manifest.csv").read_text("utf-8-sig").startswith("sku,title,photo,file,")
    named = [file for file in here.glob("*.jpg") if file.name != "photo.jpg"]
    assert len(named) == 1, "the file came under its own name"
    assert json.loads((here / "problem.json").read_text("utf-8"))["title"] == "找不到该内容"
    products = json.loads((here / "products.json").read_text("utf-8"))["items"]
    assert [product["platform"] for product in products] == [None, "amazon"], "the batch's and the first"


def test_a_studio_without_accounts_takes_the_examples_header_too(studio: StudioProcess) -> None:
    answer = studio.client.get("/session", headers={"Authorization": "Bearer none"})
    assert answer.status_code == 200
