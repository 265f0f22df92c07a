"""Complement naive Bayes over n-grams, in plain Python: a city's reports take it seconds.

After Rennie et al., Tackling the Poor Assumptions of Naive Bayes Text Classifiers (2003): a label's
weight comes from the reports of all other labels, which keeps rare labels from drowning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log

from portal.domain.ports import Lesson, Weights
from portal.domain.triage.learning import LEAST_REPORTS, features

_SMOOTHING = 0.5
_MOST_TERMS = 8000
_DECIMALS = 3


class ComplementBayes:
    """A `ports.Classifier`."""

    def learn(self, lessons: Sequence[Lesson]) -> Weights:
        """Weights for every n-gram that stands in enough of the reports."""
        by_label: dict[str, Counter[str]] = {}
        seen: Counter[str] = Counter()
        for lesson in lessons:
            found = features(lesson.text, lesson.more)
            by_label.setdefault(lesson.label, Counter()).update(found)
            seen.update(found)
        terms = [term for term, count in seen.most_common(_MOST_TERMS) if count >= LEAST_REPORTS]
        labels = sorted(by_label)
        total = sum(seen[term] for term in terms)
        sizes = {label: sum(by_label[label][term] for term in terms) for label in labels}
        room = _SMOOTHING * len(terms)
        logs = {label: log(total - sizes[label] + room) for label in labels}
        return Weights(
            labels,
            {
                term: [
                    round(
                        logs[label] - log(seen[term] - by_label[label][term] + _SMOOTHING),
                        _DECIMALS,
                    )
                    for label in labels
                ]
                for term in terms
            },
        )
