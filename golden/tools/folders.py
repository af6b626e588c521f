"""Where third-party models and textures are read, and where what is drawn on the way is kept."""
import os
import tempfile

MODELS = "."            # folder with third-party models and textures, set by render.py
TMP = tempfile.mkdtemp(prefix="golden_")


def tx(*p):
    return os.path.join(MODELS, *p)
