"""Moments as people in Japan write them, wherever the server stands."""

from datetime import datetime, timedelta, timezone

JAPAN = timezone(timedelta(hours=9), "JST")


def local_time(moment: datetime | None) -> str:
    """2026/11/23 09:30; a dash where there was none."""
    return moment.astimezone(JAPAN).strftime("%Y/%m/%d %H:%M") if moment else "―"


def local_day(moment: datetime) -> str:
    """2026/11/23."""
    return moment.astimezone(JAPAN).strftime("%Y/%m/%d")
