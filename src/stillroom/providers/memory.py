"""Memory that a network may take without pushing other processes out."""

from pathlib import Path

import psutil

_CGROUP = Path("/sys/fs/cgroup")


def available_mb(cgroup: Path = _CGROUP) -> float:
    """Return the available memory in megabytes: of the machine, or of the container if that has less.

    Args:
        cgroup: Folder of the process's control group (version 2); a container sees its own at this path.
    """
    free = float(psutil.virtual_memory().available)
    try:
        limit = int((cgroup / "memory.max").read_text(encoding="ascii"))
        used = int((cgroup / "memory.current").read_text(encoding="ascii"))
        # The page cache counts as used, but is given back on demand.
        lines = (cgroup / "memory.stat").read_text(encoding="ascii").splitlines()
        facts = dict(line.split() for line in lines)
        free = min(free, limit - used + int(facts.get("inactive_file", 0)))
    except (OSError, ValueError):
        pass  # no limit: the file is missing or says `max`
    return free / 1e6
