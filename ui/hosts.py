"""Names of hosts in Host and Origin headers."""

import ipaddress
from collections.abc import Container
from urllib.parse import urlsplit

from fastapi import Request


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def host_of(header: str) -> str:
    """The name or address in a Host header, without the port."""
    return header[1:].partition("]")[0] if header.startswith("[") else header.partition(":")[0].lower()


def is_same_machine(request: Request) -> bool:
    """Whether a page of this machine, or no page, makes the request."""
    origin = request.headers.get("origin")
    return origin is None or is_loopback(host_of(urlsplit(origin).netloc))


def is_same_origin(request: Request, hosts: Container[str]) -> bool:
    """Whether one of our own pages, or no page, makes the request: what browsers say of it, no token in each form.

    As Go's `http.CrossOriginProtection`: Sec-Fetch-Site where there is one, else Origin against Host, where `hosts`
    are known for a proxy that does not pass Host on.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        return site in ("same-origin", "none")
    if origin is None:
        return True
    netloc = urlsplit(origin).netloc.lower()
    return netloc == request.headers.get("host", "").lower() or netloc in hosts
