"""The site comes up from nothing, answers, and stops when it is told to."""

import signal
import socket
from pathlib import Path

import pytest

from tests.serving import free_port, start, up_and_down
from tests.sharing import alone


@pytest.mark.slow
def test_up_and_down_and_up_again_even_while_the_search_cluster_is_away(site_folder: Path) -> None:
    """It came up from nothing once already: what `site_folder` is."""
    nowhere = f"opensearch://127.0.0.1:{free_port()}/away"
    with alone(site_folder):
        outputs = up_and_down(site_folder, signal.SIGINT), up_and_down(site_folder, signal.SIGTERM, SEARCH_URL=nowhere)
    assert ["The search index cannot be built: no host" in output for output in outputs] == [False, True]
    assert (site_folder / "db.sqlite3").stat().st_size > 0


def test_a_port_in_use_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = start(tmp_path, port)
        output = process.communicate(timeout=30)[0]
    assert process.returncode == 1
    assert output.startswith(f"PORT: {port} cannot be used")
    assert output.count("\n") == 1


def test_a_database_that_is_away_is_one_line(tmp_path: Path) -> None:
    process = start(tmp_path, free_port(), DATABASE_URL=f"postgres://u:geheim@127.0.0.1:{free_port()}/name")
    output = process.communicate(timeout=30)[0]
    assert process.returncode == 1
    assert output.startswith("DATABASE_URL: the database cannot be opened")
    assert output.count("\n") == 1
    assert "geheim" not in output
