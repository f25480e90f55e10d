"""Numbers of a spreadsheet as they are shown: #,##0, ▲, %, thousands, dates in either calendar."""

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, localcontext

MAX_DECIMALS = 30  # a format may ask for as many
MAX_DIGITS = 10  # that a cell of the General format shows
_ESCAPED = re.compile(r"_x(00[01][0-9A-Fa-f]|005[Ff])_")  # how a workbook writes control characters
_SECTION = re.compile(r';(?=(?:[^"]*"[^"]*")*[^"]*$)')
_TOKEN = re.compile(r'"([^"]*)"|\\(.)|_(.)|\*(.)|\[([^\]]*)\]|([0#?][0#?,]*(?:\.[0#?]+)?,*)|(.)', re.S)
_DATE_TOKEN = re.compile(r'"([^"]*)"|\\(.)|\[([^\]]*)\]|(AM/PM|y+|m+|d+|g+|e+|a+|h+|s+)|(.)', re.I | re.S)
_CODES = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_ERAS = (
    (date(2019, 5, 1), "令和", "R"),
    (date(1989, 1, 8), "平成", "H"),
    (date(1926, 12, 25), "昭和", "S"),
    (date(1912, 7, 30), "大正", "T"),
    (date(1868, 1, 25), "明治", "M"),
)
_WEEKDAYS = "月火水木金土日"


def shown(value: object, form: str) -> str:
    """A cell's value as a reader of the sheet sees it; an error value such as #REF! as nothing.

    Args:
        value: what openpyxl gives: text, number, truth value, date, time, or None.
        form: its number format, as the file states it.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime | date | time | timedelta):
        return _date(value, form)
    if isinstance(value, int | float):
        return _number(value, form or "General")
    text = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), str(value))
    return "" if re.fullmatch(r"#(?:REF|N/A|VALUE|DIV/0|NAME|NULL|NUM)[!?]?", text) else text


def _number(value: float, form: str) -> str:
    try:
        number = Decimal(repr(value))
    except InvalidOperation:
        return ""
    if not number.is_finite():
        return ""
    sections = _SECTION.split(form)
    section, signed = sections[0], number < 0
    if number < 0 and len(sections) > 1 and sections[1]:
        section, signed = sections[1], False
    elif number == 0 and len(sections) > 2 and sections[2]:
        section = sections[2]
    if "/" in _CODES.sub("", section):  # a fraction
        return _general(number)
    if section in ("@", ""):
        return _general(number)
    if "General" in section:
        before, _, after = section.partition("General")
        return _formatted(number, before) + _general(number) + _formatted(number, after)
    return ("-" if signed else "") + _formatted(abs(number), section)


def _general(number: Decimal) -> str:
    decimals = max(0, MAX_DIGITS - len(str(int(abs(number)))))
    plain = f"{number:.{decimals}f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _formatted(number: Decimal, section: str) -> str:
    """A number in one section of a format; the first run of 0, # and ? holds its digits."""
    if "%" in _CODES.sub("", section):
        number *= 100
    parts, placed = [], False
    for text, escaped, _, _, code, digits, other in _TOKEN.findall(section):
        if digits:
            parts.append("" if placed else _digits(number, digits))
            placed = True
        elif code.startswith("$"):
            parts.append(code[1:].partition("-")[0])
        else:
            parts.append(text or escaped or ("" if other == "@" else other))
    return "".join(parts).strip()


def _digits(number: Decimal, pattern: str) -> str:
    scaled = pattern.rstrip(",")
    number = number.scaleb(-3 * (len(pattern) - len(scaled)))
    whole, _, decimals = scaled.partition(".")
    with localcontext() as context:
        context.prec = 400  # the largest number of a cell has 308 digits
        number = number.quantize(Decimal(1).scaleb(-len(decimals[:MAX_DECIMALS])), ROUND_HALF_UP)
    printed = f"{number:{',' if ',' in whole else ''}.{len(decimals[:MAX_DECIMALS])}f}"
    optional = len(decimals) - len(decimals.rstrip("#?"))
    for _ in range(optional):
        printed = printed.removesuffix("0")
    printed = printed.removesuffix(".") if decimals else printed
    if "0" not in whole and printed.startswith("0"):  # ### shows nothing for a zero
        printed = printed[1:]
    before, point, after = printed.partition(".")
    return before.rjust(whole.count("0"), "0") + point + after


def _date(value: datetime | date | time | timedelta, form: str) -> str:
    if isinstance(value, timedelta):
        return str(value)
    day = value if isinstance(value, date) else None
    clock = value if isinstance(value, datetime | time) else None
    section = _SECTION.split(form)[0]
    if "General" in section or not re.search("[ymdgeahs]", _CODES.sub("", section), re.I):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    parts: list[str] = []
    after_hour = False
    for text, escaped, _, code, other in _DATE_TOKEN.findall(section):
        if not code:
            parts.append(text or escaped or ("" if other in "@;" else other))
            continue
        code = code.lower()
        minute = code[0] == "m" and len(code) < 3 and after_hour
        of_clock = code[0] in "hs" or minute or code == "am/pm"
        parts.append(_clock_part(code, clock, minute) if of_clock else _day_part(code, day))
        after_hour = code[0] in "hs" or (after_hour and code[0] != "d" and code[0] != "y")
    return "".join(parts).strip()


def _clock_part(code: str, clock: datetime | time | None, minute: bool) -> str:
    if clock is None:
        return ""
    if code == "am/pm":
        return "AM" if clock.hour < 12 else "PM"
    value = clock.minute if minute else clock.hour if code[0] == "h" else clock.second
    return f"{value:02d}" if len(code) > 1 else str(value)


def _day_part(code: str, day: date | None) -> str:
    if day is None:
        return ""
    if code[0] == "y":
        return f"{day.year:04d}" if len(code) > 2 else f"{day.year % 100:02d}"
    if code[0] in "md":
        value = day.month if code[0] == "m" else day.day
        return f"{value:02d}" if len(code) == 2 else str(value)
    if code[0] == "a":
        return _WEEKDAYS[day.weekday()] + ("曜日" if len(code) > 3 else "")
    plain = day.date() if isinstance(day, datetime) else day
    begins, name, letter = next((era for era in _ERAS if plain >= era[0]), _ERAS[-1])
    if code[0] == "g":
        return {1: letter, 2: name[0]}.get(len(code), name)
    year = day.year - begins.year + 1
    return f"{year:02d}" if len(code) > 1 else str(year)
