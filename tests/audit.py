"""Looks up known weaknesses of the pinned packages: `python -m tests.audit`.

Fails on a weakness that is found. Where no advisory database can be reached it says so and does not fail: a closed
network is no weakness.
"""

import re
import sys
from pathlib import Path

import httpx

CONSTRAINTS = Path(__file__).resolve().parents[1] / "constraints.txt"
OSV = "https://api.osv.dev/v1/querybatch"  # of the Open Source Vulnerabilities project; asks for many at once
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)$", re.M)
AT_ONCE, SECONDS = 500, 20.0


def pinned(text: str) -> list[tuple[str, str]]:
    """(name, version) of each line of a constraints file."""
    return PIN.findall(text)


def weaknesses(client: httpx.Client, packages: list[tuple[str, str]]) -> dict[str, list[str]]:
    """Advisories by package, for those that have any.

    Raises:
        httpx.HTTPError: the database cannot be reached.
    """
    found: dict[str, list[str]] = {}
    for start in range(0, len(packages), AT_ONCE):
        part = packages[start : start + AT_ONCE]
        queries = [
            {"package": {"name": name, "ecosystem": "PyPI"}, "version": version} for name, version in part
        ]
        answer = client.post(OSV, json={"queries": queries}).raise_for_status().json()
        for (name, version), result in zip(part, answer["results"], strict=True):
            if advisories := [one["id"] for one in result.get("vulns", [])]:
                found[f"{name} {version}"] = advisories
    return found


def audited(client: httpx.Client, packages: list[tuple[str, str]]) -> int:
    """Prints what was found; gives the exit status."""
    try:
        found = weaknesses(client, packages)
    except httpx.HTTPError as error:
        print(
            f"audit: no advisory database can be reached ({error!r}); {len(packages)} packages were not looked up"
        )
        return 0
    for package, advisories in found.items():
        print(f"audit: {package}: {', '.join(advisories)}", file=sys.stderr)
    print(f"audit: {len(packages)} packages looked up, {len(found)} with known weaknesses")
    return 1 if found else 0


def main() -> int:
    """Gives the exit status."""
    with httpx.Client(timeout=SECONDS) as client:
        return audited(client, pinned(CONSTRAINTS.read_text("utf-8")))


if __name__ == "__main__":
    raise SystemExit(main())
