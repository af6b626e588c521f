"""Decode an untrusted film into one still."""

import io
from collections import deque
from typing import cast

import cv2
import numpy as np
import pyvips

from stillroom.domain.errors import InputCorrupt, InputTooLarge
from stillroom.imaging.io.decoding import Limits, Opened
from stillroom.imaging.io.file_facts import facts_of
from stillroom.imaging.pixels import Picture

_LATE_SECONDS = 1.0  # seconds; the still is the sharpest frame of this last stretch of the film
_MAX_LATE_FRAMES = 60  # of that stretch, because a file may state any rate; 3 MB each
_USUAL_RATE = 24.0  # frames per second, for a file that states none


def open_film(data: bytes, limits: Limits) -> Opened:
    """Decode the sharpest frame of the last second; the first frame of the film is excluded.

    Args:
        limits: Largest accepted size of a frame in pixels; nothing else is applied.

    Raises:
        InputTooLarge: Over the limit in pixels or memory.
        InputCorrupt: No second frame can be decoded.
    """
    try:
        frames, count = _late_frames(data, limits)
    except cv2.error as error:
        if error.code == cv2.Error.STS_NO_MEM:
            raise InputTooLarge("The film needs too much memory.", what="memory") from error
        raise InputCorrupt("The film is damaged.") from error
    if not frames:
        raise InputCorrupt("The film has no second frame.")
    still = np.asarray(cv2.cvtColor(max(frames, key=_sharpness), cv2.COLOR_BGR2RGB), np.uint8)
    return Opened(still, facts_of(pyvips.Image.new_from_array(still, interpretation="srgb"), count))


def _late_frames(data: bytes, limits: Limits) -> tuple[deque[Picture], int]:
    """Return the last frames as uint8 (H, W, 3), BGR, and the number of all frames."""
    # From memory, because the sandbox forbids opening files; OpenCV does not keep the stream alive itself.
    stream = io.BytesIO(data)
    reader = cv2.VideoCapture(cast("cv2.IStreamReader", stream), cv2.CAP_FFMPEG, [])
    try:
        width, height = reader.get(cv2.CAP_PROP_FRAME_WIDTH), reader.get(cv2.CAP_PROP_FRAME_HEIGHT)
        if width * height > limits.max_megapixels * 1e6:
            raise InputTooLarge("The film is too large.", what="megapixels", limit=limits.max_megapixels)
        rate = reader.get(cv2.CAP_PROP_FPS) or _USUAL_RATE
        # The last frames only: all frames of a long film do not fit into memory.
        frames: deque[Picture] = deque(maxlen=round(min(max(1.0, rate * _LATE_SECONDS), _MAX_LATE_FRAMES)))
        count = 0
        while (read := reader.read())[0]:
            count += 1
            if count > 1:
                frames.append(np.asarray(read[1], np.uint8))
        return frames, max(1, count)
    finally:
        reader.release()


def _sharpness(frame: Picture) -> float:
    return float(cv2.Laplacian(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), cv2.CV_32F).std())
