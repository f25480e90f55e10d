"""How many questions citizens may ask: by address and in total, a minute and a day, counted in memory."""

import ipaddress
import math
import time

from fastapi import HTTPException, Request
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter, MovingWindowRateLimiter, RateLimiter

from corpus.settings import Settings

IPV6_PREFIX = 64  # what one household or company is given: RFC 6177
SAID = "質問が多すぎます。しばらく待ってからもう一度お試しください / too many questions: please wait a while"


class PublicLimits:
    """A dependency of the public endpoint; nothing is stored but counters that expire."""

    def __init__(self, settings: Settings) -> None:
        storage = MemoryStorage()
        # A moving window keeps the time of each question; for a whole day a counter will do.
        recent, daily = MovingWindowRateLimiter(storage), FixedWindowRateLimiter(storage)
        self._header = settings.public_address_header
        self._of_one: list[tuple[RateLimiter, RateLimitItem]] = [
            (recent, parse(settings.public_rate)),
            (daily, parse(settings.public_rate_day)),
        ]
        self._of_all: list[tuple[RateLimiter, RateLimitItem]] = [
            (recent, parse(settings.public_rate_total)),
            (daily, parse(settings.public_rate_total_day)),
        ]

    def __call__(self, request: Request) -> None:
        """Counts a question; one that is refused does not count.

        Raises:
            HTTPException: 429, with Retry-After in seconds.
        """
        own = ("address", network(self._address(request)))
        counters = [(*one, own) for one in self._of_one] + [(*one, ("total",)) for one in self._of_all]
        for limiter, item, names in counters:
            if not limiter.test(item, *names):
                raise HTTPException(429, SAID, {"Retry-After": str(_wait(limiter, item, *names))})
        for limiter, item, names in counters:
            limiter.hit(item, *names)

    @property
    def load(self) -> float:
        """Share, 0 to 1, of the total rate that the last questions take."""
        limiter, item = self._of_all[0]
        return 1 - limiter.get_window_stats(item, "total").remaining / item.amount

    def _address(self, request: Request) -> str:
        """Who asks: as the trusted header says, where it is set and holds an address, else as the connection does."""
        said = request.headers.get(self._header, "").strip() if self._header else ""
        return said if _is_address(said) else (request.client.host if request.client else "")


def _wait(limiter: RateLimiter, item: RateLimitItem, *names: str) -> int:
    """Whole seconds until there is room again."""
    until: float = limiter.get_window_stats(item, *names).reset_time
    return max(1, math.ceil(until - time.time()))


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


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
