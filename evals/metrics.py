"""The metrics: of one answer those below, of a whole run those of `metric_run`, of search `metric_retrieval`."""

from evals.metric_amounts import AmountsOk, WrongNumber, YearsOk
from evals.metric_citations import CitationOk, CitationPrecision, CitationRecall, VerbatimOk
from evals.metric_facts import AbsentOk, FactsOk
from evals.metric_status import StatusOk
from evals.reply import Mark, Metric

DECIDING: tuple[Mark, ...] = (StatusOk(), FactsOk(), AbsentOk(), VerbatimOk(), CitationOk())
"""The marks that decide whether a case passes: none of them False."""
MARKS = tuple(mark.name for mark in DECIDING)

REPORTED: tuple[Metric, ...] = (AmountsOk(), YearsOk(), CitationPrecision(), CitationRecall())
"""Metrics that are reported and can be gated, but do not decide whether a case passes."""
EXTRA = tuple(metric.name for metric in REPORTED)

WRONG_NUMBER = WrongNumber()
LABELS = {"passed": "合格 / passed"} | {one.name: one.label for one in (*DECIDING, *REPORTED, WRONG_NUMBER)}
"""What reports call each of them."""
