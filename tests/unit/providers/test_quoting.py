"""A vendor that quotes what it was asked does not bring a customer's words into our log."""

import pytest
from structlog.testing import capture_logs

from stillroom.providers.adapters import vendor_messages

ASKED = "把背景换成白底软阴影，SKU KOMA-7391 放中间\nKeep the product exactly as it is."


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Invalid key sk-secret-1 for this project.", "Invalid key ******** for this project."),
        ("The prompt '白底软阴影' was refused.", "The prompt '*****' was refused."),
        ("Refused: SKU KOMA-7391.", "Refused: *************."),
        ("Try again in 3 s.", "Try again in 3 s."),
    ],
)
def test_keys_and_quoted_text_are_redacted(said: str, kept: str) -> None:
    with capture_logs() as lines:
        vendor_messages.log_failure("gemini", "model", said, ("sk-secret-1",), ASKED, status=400)
    assert [line["said"] for line in lines] == [kept]
