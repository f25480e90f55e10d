"""What is deployed runs without rights that it does not need, and names only settings that exist."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from corpus.settings import PREFIX, Settings

ROOT = Path(__file__).resolve().parents[1]
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
UNIT = ROOT / "deploy" / "keikaku-navi.service"
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]


@pytest.mark.parametrize("name", ["compose.yaml", "Dockerfile", "deploy/keikaku-navi.service"])
def test_every_setting_named_exists(name: str) -> None:
    known = {f"{PREFIX}{field.upper()}" for field in Settings.model_fields}
    assert set(re.findall(r"KEIKAKU_[A-Z_]+", (ROOT / name).read_text("utf-8"))) <= known


def test_all_but_the_application_is_asked_for_by_profile() -> None:
    assert {name: one.get("profiles") for name, one in SERVICES.items()} == {
        "app": None,
        "postgres": ["postgres"],
        "chroma": ["chroma"],
        "llm": ["llm"],
        "prometheus": ["prometheus"],
    }
    assert set(COMPOSE["volumes"]) == {"data", "postgres", "chroma", "prometheus"}


def test_the_application_has_a_read_only_root_and_no_capabilities() -> None:
    app = SERVICES["app"]
    assert (app["read_only"], app["cap_drop"], app["tmpfs"]) == (True, ["ALL"], ["/tmp"])  # noqa: S108
    for service in SERVICES.values():
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_the_image_runs_as_nobody_in_particular_and_is_asked_for_its_health() -> None:
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    last = [line for line in lines if line.startswith("USER ")][-1]
    assert last == "USER keikaku"
    assert lines.index(last) < lines.index('ENTRYPOINT ["keikaku"]')
    assert any(line.startswith("HEALTHCHECK ") for line in lines)
    copied = {line.split()[1] for line in lines if re.fullmatch(r"COPY (\w+) \1", line)}
    assert copied == {"corpus", "index", "assistant", "evals", "ui"}


def test_prometheus_asks_for_the_metrics_of_the_application() -> None:
    [job] = yaml.safe_load((ROOT / "deploy" / "prometheus.yml").read_text("utf-8"))["scrape_configs"]
    assert job["static_configs"] == [{"targets": ["app:8000"]}]
    assert SERVICES["app"]["environment"]["KEIKAKU_HOSTS"].startswith("app,")


def test_the_unit_is_sound_and_gives_few_rights(tmp_path: Path) -> None:
    unit = UNIT.read_text("utf-8")
    for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=", "User=keikaku"):
        assert line in unit.splitlines()
    if analyze := shutil.which("systemd-analyze"):
        checked = tmp_path / UNIT.name
        checked.write_text(re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", unit), "utf-8")
        said = subprocess.run([analyze, "verify", checked], capture_output=True, text=True, check=False)
        assert (said.returncode, said.stderr) == (0, "")
