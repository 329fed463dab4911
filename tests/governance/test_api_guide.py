"""The examples of docs/api.md do what the guide says, on a running site."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.cache import caches

from governance.knowledge import apply
from tests.governance import open_data

GUIDE = (Path(site.BASE_DIR) / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```(\w+)\n(.*?)```", GUIDE, re.DOTALL)
COMMANDS = [line for language, text in EXAMPLES if language == "sh" for line in text.splitlines()]
PROGRAMS = [text for language, text in EXAMPLES if language == "python"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def open_knowledge():
    caches["throttle"].clear()
    open_data.load()
    apply({"type": "level", "slug": "regional", "title": "Regional level"})
    convention = open_data.find("instrument", "refugee-convention").revisions.first().document
    apply(
        {
            **convention,
            "slug": "refugee-convention-1951",
            "relations": [],
            "caveats": [],
            "citations": [{"field": "/level", "source": "S4"}],
        }
    )


def here(text: str, live_server) -> str:
    return text.replace("http://127.0.0.1:8000", live_server.url)


def run(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_gets_an_answer(live_server, tmp_path, command):
    if not shutil.which("curl"):
        pytest.skip("curl is missing")
    said = run(["sh", "-c", here(command, live_server) + " -w '\\n%{http_code}'"], tmp_path)
    answer, status = said.rpartition("\n")[::2]
    written = [path.read_bytes() for path in tmp_path.iterdir()]
    assert status == ("400" if "colour" in command else "200")
    assert answer or all(written)
    if "colour" in command:
        promised = next(text for language, text in EXAMPLES if language == "json")
        assert json.loads(answer) == json.loads(promised)


def test_the_programs_in_python_say_what_the_guide_says(live_server, tmp_path):
    in_force, copied = (run([sys.executable, "-c", here(text, live_server)], tmp_path) for text in PROGRAMS)
    assert "Refugee Convention – non-refoulement" in in_force
    assert copied.startswith("3 instruments at position ")


def test_the_program_in_r_says_what_the_guide_says(live_server, tmp_path):
    if not shutil.which("Rscript"):
        pytest.skip("R is missing: apt-get install r-base-core r-cran-jsonlite")
    [program] = [text for language, text in EXAMPLES if language == "r"]
    assert "Forum" in run(["Rscript", "-e", here(program, live_server)], tmp_path)


def test_the_guide_names_every_address_and_parameter_of_the_schema():
    from governance.api.schema import document

    for path, item in document()["paths"].items():
        assert path.replace("{plural}", "<plural>").replace("{slug}", "<slug>") in GUIDE
        for parameter in item["get"].get("parameters", ()):
            assert parameter["name"] in GUIDE or path == "/api/v1/{plural}/"
