"""How many questions citizens may ask: by address and in total, in a moving window kept in memory."""

import ipaddress
import math
import time

from fastapi import HTTPException, Request
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from corpus.settings import Settings

IPV6_PREFIX = 64  # what one household or company is given: RFC 6177
SAID = "質問が多すぎます。しばらく待ってからもう一度お試しください / too many questions: please wait a while"


class PublicLimits:
    """A dependency of the public endpoint; nothing is stored but counters that expire."""

    def __init__(self, settings: Settings) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._one, self._all = parse(settings.public_rate), parse(settings.public_rate_total)

    def __call__(self, request: Request) -> None:
        """Counts a question; one that is refused does not count.

        Raises:
            HTTPException: 429, with Retry-After in seconds.
        """
        own = (self._one, "address", network(request.client.host if request.client else ""))
        total = (self._all, "total")
        for item, *names in (own, total):
            if not self._limiter.test(item, *names):
                raise HTTPException(429, SAID, {"Retry-After": str(self._wait(item, *names))})
        self._limiter.hit(*own)
        self._limiter.hit(*total)

    def _wait(self, item: RateLimitItem, *names: str) -> int:
        """Whole seconds until the oldest question counted leaves the window."""
        until: float = self._limiter.get_window_stats(item, *names).reset_time
        return max(1, math.ceil(until - time.time()))


def network(address: str) -> str:
    """What counts as one asker: an IPv4 address, or the /64 of an IPv6 address."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if found.version == 4:
        return address
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, IPV6_PREFIX), strict=False))
