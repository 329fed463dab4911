"""What holds for the whole checkout: what is committed, what is locked, and who may import whom."""

import ast
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib.metadata import metadata
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

CHECKOUT = Path(__file__).resolve().parent.parent
APPS = ("governance", "actors", "instruments", "search")  # each may import those before it
LOCKS = ("requirements", "requirements-test")

# Written apart, or this file would find itself.
REGISTRIES = ("pypi" + ".org", "python" + "hosted.org", "npm" + "js.org", "crates" + ".io", "deb.debian" + ".org")
MACHINE = re.compile(r"(?<![\w./:*-])/(?:work|root|opt/wheels|Users/\w+|home/\w+)/")


def tracked() -> list[Path]:
    git = shutil.which("git")
    listing = git and subprocess.run([git, "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, text=True)
    if not listing or listing.returncode:
        pytest.skip("not a git checkout, or no git")
    return [path for name in listing.stdout.split("\0") if name and (path := CHECKOUT / name).is_file()]


def test_tracked_files_name_no_registry_and_no_machine() -> None:
    offenders = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if any(host in line for host in REGISTRIES) or MACHINE.search(line):
                offenders.append(f"{path.relative_to(CHECKOUT)}:{number}: {line.strip()[:100]}")
    assert offenders == []


def pins(name: str) -> dict[str, str]:
    """The requirements of a lock file, each with its version; a line that is anything else is an error."""
    found = {}
    text = (CHECKOUT / f"{name}.lock").read_text()
    for block in re.split(r"\n(?=\S)", re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE)):
        match = re.fullmatch(r"([a-z0-9._-]+)==(\S+)( ;[^\\\n]+)?((?: \\\n    --hash=sha256:[0-9a-f]{64})+)\s*", block)
        assert match, f"{name}.lock: not a pinned requirement with its hashes: {block[:200]}"
        found[match[1]] = match[2]
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_lock_has_hashes_and_no_addresses(name: str) -> None:
    assert pins(name)
    assert "://" not in (CHECKOUT / f"{name}.lock").read_text()


@pytest.mark.parametrize("name", LOCKS)
def test_lock_has_all_that_is_asked_for(name: str) -> None:
    for line in (CHECKOUT / f"{name}.in").read_text().splitlines():
        if match := re.match(r"[A-Za-z0-9._-]+", line):
            asked = re.sub(r"[._-]+", "-", match[0]).lower()
            assert line.startswith("-") or asked in pins(name), f"run make lock: {asked} is not locked"


def test_bill_of_materials_is_of_this_lock() -> None:
    components = json.loads((CHECKOUT / "docs" / "sbom.json").read_text())["components"]
    assert {item["name"]: item["version"] for item in components} == pins("requirements"), "run make audit"
    lock = (CHECKOUT / "requirements.lock").read_text()
    assert all(f"sha256:{part['content']}" in lock for item in components for part in item["hashes"])


def test_tests_run_on_the_versions_that_serve() -> None:
    tested = pins("requirements-test")
    assert {name: tested.get(name) for name in pins("requirements")} == pins("requirements")


def test_all_that_is_locked_installs_on_debian() -> None:
    """Debian 12 has Python 3.11.2, and a package may want a later one."""
    for name, version in pins("requirements-test").items():
        asks = metadata(name).get("Requires-Python") or ""
        assert SpecifierSet(asks).contains("3.11.2"), f"{name} {version} wants Python {asks}"


def imports(path: Path, module: str) -> Iterator[tuple[int, str]]:
    """Every module that a file imports by a statement or by name, with its line."""
    package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            yield node.lineno, ".".join([*base, *([node.module] if node.module else [])])
        elif isinstance(node, ast.Call) and node.args:
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[0]
            if called in ("import_module", "import_string", "__import__") and isinstance(first, ast.Constant):
                yield node.lineno, str(first.value)


def upward_imports(checkout: Path) -> list[str]:
    offenders = []
    for rank, app in enumerate(APPS):
        for path in sorted((checkout / app).rglob("*.py")):
            module = ".".join(path.relative_to(checkout).with_suffix("").parts).removesuffix(".__init__")
            for line, imported in imports(path, module):
                room = imported.partition(".")[0]
                if room in APPS[rank + 1 :] or room == "tests":
                    offenders.append(f"{path.relative_to(checkout)}:{line} imports {imported}")
    return offenders


def test_imports_point_one_way() -> None:
    assert upward_imports(CHECKOUT) == []


def test_no_engine_imports_another() -> None:
    engines = CHECKOUT / "search" / "engines"
    names = [path.parent.name for path in engines.glob("*/engine.py")]
    assert len(names) > 1
    offenders = [
        f"{path.relative_to(CHECKOUT)} imports {imported}"
        for name in names
        for path in (engines / name).rglob("*.py")
        for _line, imported in imports(path, ".".join(path.relative_to(CHECKOUT).with_suffix("").parts))
        for other in names
        if other != name and f"{imported}.".startswith(f"search.engines.{other}.")
    ]
    assert offenders == []


def test_an_upward_import_is_named(tmp_path: Path) -> None:
    for name, text in {
        "governance/urls.py": 'urlpatterns = [path("", include("search.urls"))]\n',
        "governance/models/record.py": "from importlib import import_module\nimport_module('actors.models')\n",
        "actors/models.py": "import governance.models\nfrom . import apps\nfrom search import query\n",
        "instruments/models.py": "def late():\n    import search.query as query\n",
        "search/query.py": "from governance import edtf\nfrom actors.models import Actor\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert upward_imports(tmp_path) == [
        "governance/models/record.py:2 imports actors.models",
        "actors/models.py:3 imports search",
        "instruments/models.py:2 imports search.query",
    ]
