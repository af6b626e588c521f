"""rembg, asked photo by photo: `rembg_cutouts.py MODEL`.

Each line of standard input is a task and two paths: `mask PHOTO PNG` writes the matte, `cut PHOTO PNG` the
plain cut-out. Each is answered by the milliseconds it took on the clock and of CPU, from the file's bytes to
the new file's.
"""

import sys
import time
from pathlib import Path

import rembg


def answer(line: str) -> None:
    """Write a line that is read at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Load the network, say so, and answer until standard input ends."""
    session = rembg.new_session(sys.argv[1])
    answer("ready")
    for line in sys.stdin:
        task, photo, target = line.split()
        data = Path(photo).read_bytes()
        started, used = time.perf_counter(), time.process_time()
        made = rembg.remove(data, session=session, only_mask=task == "mask")
        milliseconds = (time.perf_counter() - started) * 1000, (time.process_time() - used) * 1000
        Path(target).write_bytes(made)
        answer("{:.1f} {:.1f}".format(*milliseconds))


if __name__ == "__main__":
    main()
