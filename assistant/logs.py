"""Logs: lines for people, or JSON for machines, each with the id of the request it belongs to."""

import logging

import structlog
from structlog.types import Processor

from corpus.settings import Settings

TEXT = "%(levelname)s %(name)s: %(message)s"
INFORMING = ("keikaku",)  # loggers whose lines are more than warnings


def configure(settings: Settings) -> None:
    """Lets all logging of the process go to standard error in the form of the settings."""
    handler = logging.StreamHandler()
    handler.setFormatter(_json() if settings.log == "json" else logging.Formatter(TEXT))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    level = logging.INFO if settings.log == "json" else logging.WARNING
    for name in INFORMING:
        logging.getLogger(name).setLevel(level)


def _json() -> logging.Formatter:
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
