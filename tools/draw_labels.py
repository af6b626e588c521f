"""Draws the label that says a picture is generated, once in each language, from Debian's fonts-noto-cjk.

Run as `python tools/draw_labels.py`; what it draws is kept in the repository.
"""

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
SIMPLIFIED_CHINESE = 2
"""Index of the face in the collection."""

TEXTS = {"zh": "AI 生成", "en": "AI generated"}
HEIGHT = 192
"""Pixels; a twentieth of a picture of 3840, the largest that is made."""

FOLDER = Path(__file__).parents[1] / "src" / "stillroom" / "imaging" / "labels"


def drawn(text: str) -> Image.Image:
    """White on black, trimmed to the ink of its tallest letters."""
    font = ImageFont.truetype(FONT, 400, index=SIMPLIFIED_CHINESE)
    left, top, right, bottom = (round(edge) for edge in font.getbbox(text))
    picture = Image.new("L", (right - left, bottom - top), 0)
    ImageDraw.Draw(picture).text((-left, -top), text, fill=255, font=font)
    width = round(picture.width * HEIGHT / picture.height)
    return picture.resize((width, HEIGHT), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for language, text in TEXTS.items():
        drawn(text).save(FOLDER / f"{language}.png", optimize=True)
