"""Available memory: that of the machine, or of the container if it has less."""

from pathlib import Path

from stillroom.providers.memory import available_mb


def test_container_memory_limit_is_respected(tmp_path: Path) -> None:
    (tmp_path / "memory.max").write_text("300000000\n")
    (tmp_path / "memory.current").write_text("280000000\n")
    (tmp_path / "memory.stat").write_text("anon 100\ninactive_file 30000000\n")
    assert available_mb(tmp_path) == 50.0


def test_memory_of_the_machine_is_used_without_a_limit(tmp_path: Path) -> None:
    whole = available_mb(tmp_path)
    (tmp_path / "memory.max").write_text("max\n")
    (tmp_path / "memory.current").write_text("1\n")
    assert whole > 50
    assert available_mb(tmp_path) > 50
