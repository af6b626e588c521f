"""Generated files: the OpenAPI documents, the reference page and the schemas, written by one process."""

import json
import sys
from pathlib import Path

from stillroom.cli.serve import app_with_worker
from stillroom.settings import Settings
from stillroom.storage.catalog import write_schemas
from stillroom.web.app import openapi_document
from stillroom.web.openapi import to_openapi_3_0, to_yaml
from tools.reference_page import page


def write(folder: Path) -> None:
    """Write them: the OpenAPI document in both forms, the reference page and the catalogue's schemas."""
    document = openapi_document(app_with_worker(Settings.model_construct()))
    (folder / "openapi.yaml").write_text(to_yaml(to_openapi_3_0(document)), "utf-8")
    (folder / "openapi.json").write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    (folder / "reference.md").write_text(page(), "utf-8")
    write_schemas(folder)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
