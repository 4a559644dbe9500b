"""Item parameters from answers: the two-parameter logistic model by marginal maximum likelihood.

An EM algorithm on 61 points of ability, -6 to 6, under N(0, 1), sped up by extrapolation. The answers are read in shards of
people, and shards add up exactly: log-likelihoods, posterior shares and scores are whole numbers of small units, summed in
floats where all sums stay below 2^53, hence without rounding. So neither the order of people, nor the number of shards,
nor the library's way of adding changes a bit of the result. Answers not given are left out: what a person was asked may
depend on their earlier answers and on nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from exam.certification.fixed import Floats, Ints
    from exam.certification.responses import Responses

QUADRATURE: Floats = np.linspace(-6.0, 6.0, 61)
_CENTRE: Floats = np.array([[1.0], [0.0]])
_LOG_PRIOR: Floats = -(QUADRATURE**2) / 2
_LOG_PRIOR = _LOG_PRIOR - np.log(np.exp(_LOG_PRIOR).sum())

LOG_UNIT = 2.0**32
"""Logarithms are whole numbers of 2^-32 nat; a person's stay below 2^50."""

SHARE_UNIT = 2.0**28
"""Posterior shares are whole numbers of 2^-28; 2^25 people may add up in one shard."""

SCORE_UNIT = 2.0**12
"""Scores, for standard errors, are whole numbers of 2^-12."""

SHARD = 32_768
"""People read in one shard."""

TOGETHER = 64
"""People whose answers are looked up together: their rows then stay in the processor's cache."""

FEW = 50
"""An item answered less often, or always alike, is drawn weakly to a slope of 1 and an intercept of 0: it may have no optimum."""

SLOPE_PULL, PLACE_PULL = 4.0, 1 / 9
"""The strength of that, as the inverse variances of a normal prior; nothing for items answered often enough."""

MAX_SLOPE, MAX_PLACE = 8.0, 40.0
"""Where an item's slope and intercept are held when its answers do not determine them."""

WHOLE_COVARIANCE = 200
"""Up to this many items, standard errors take account of all items at once; beyond, of each item alone."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """By item: slope, difficulty and their standard errors (NaN where the answers do not determine them)."""

    items: tuple[str, ...]
    a: Floats = field(repr=False)
    b: Floats = field(repr=False)
    se_a: Floats = field(repr=False)
    se_b: Floats = field(repr=False)
    log_likelihood: float
    iterations: int
    converged: bool


class _Sums(NamedTuple):
    """[item, point] expected answers and expected right ones, and the log-likelihood."""

    answers: Floats
    right: Floats
    log_likelihood: float


def calibrate(
    responses: Responses, *, shard: int = SHARD, tolerance: float = 1e-6, most: int = 2000
) -> Calibration:
    """Return the parameters that make the answers likeliest.

    Stops when no parameter moves by more than `tolerance` in a plain step, or after `most` readings of the answers.
    """
    count = len(responses.items)
    at = np.concatenate([np.ones(count), _first_intercepts(responses)]).reshape(2, count)
    answers = np.bincount(responses.item, minlength=count)
    right = np.bincount(responses.item[responses.right == 1], minlength=count)
    mute = (right == 0) | (right == answers)  # all right or all wrong: the answers say nothing of the slope
    pull = np.where(mute | (answers < FEW), [[SLOPE_PULL], [PLACE_PULL]], 0.0)
    path = _Path(at)
    shards = _shards(responses, shard)
    while path.readings < most and not path.done(tolerance):
        sums = _expect(shards, path.next())
        lost = float((pull * (path.asked - _CENTRE) ** 2).sum()) / 2
        path.learn(sums.log_likelihood, lost, _maximise(path.asked, sums, pull))
    slope, intercept = path.best
    se_a, se_b = _errors(shards, path.best)
    return Calibration(
        responses.items,
        slope,
        -intercept / slope,
        np.where(mute, np.nan, se_a),
        np.where(mute, np.nan, se_b),
        path.log_likelihood,
        path.readings,
        path.done(tolerance),
    )


class _Path:
    """SQUAREM: two plain steps, then a leap along their difference, taken back when it loses likelihood."""

    def __init__(self, start: Floats) -> None:
        self.asked = self.best = start
        self.log_likelihood = self._worth = -np.inf
        self.readings = 0
        self.moved = np.inf
        self._plain = [start]
        self._leaping = False

    def done(self, tolerance: float) -> bool:
        """Return whether the last plain step moved nothing any more."""
        return bool(self.moved <= tolerance)

    def next(self) -> Floats:
        """Return the parameters to read the answers with."""
        self._leaping = len(self._plain) == 3
        self.asked = self._leap() if self._leaping else self._plain[-1]
        return self.asked

    def learn(self, log_likelihood: float, lost: float, following: Floats) -> None:
        """Take in the likelihood of the parameters asked, less what a prior costs, and where a plain step leads."""
        self.readings += 1
        if self._leaping:
            if log_likelihood - lost < self._worth:
                self._plain = [self._plain[2]]  # the leap was too long: go on from where it began
                return
            self._plain = [self.asked]
        self.log_likelihood, self._worth, self.best = log_likelihood, log_likelihood - lost, self.asked
        self.moved = float(np.abs(following - self.asked).max())
        self._plain.append(following)

    def _leap(self) -> Floats:
        first, second, third = self._plain
        step = second - first
        bend = third - second - step
        size = np.sqrt((step**2).sum() / max(float((bend**2).sum()), 1e-300))
        length = min(max(float(size), 1.0), 64.0)
        found: Floats = _held(first + 2 * length * step + length**2 * bend)
        return found


def _held(parameters: Floats) -> Floats:
    slopes = np.clip(parameters[0], 0.02, MAX_SLOPE)
    return np.stack([slopes, np.clip(parameters[1], -MAX_PLACE, MAX_PLACE)])


def _first_intercepts(responses: Responses) -> Floats:
    count = len(responses.items)
    answers = np.bincount(responses.item, minlength=count)
    right = np.bincount(responses.item, weights=responses.right, minlength=count)
    share = (right + 0.5) / (answers + 1)
    found: Floats = np.log(share / (1 - share))
    return found


class _Shard:
    """Answers of some people, by person for their posterior and by kind of answer (2 * item + right) for the sums."""

    __slots__ = ("begins", "code", "kinds", "people", "person_of")

    def __init__(self, responses: Responses, begin: int, end: int) -> None:
        part = slice(int(responses.begins[begin]), int(responses.begins[end]))
        self.people = end - begin
        self.begins = responses.begins[begin : end + 1] - part.start
        self.code = 2 * responses.item[part] + responses.right[part]
        order = np.argsort(self.code, kind="stable")
        person = np.repeat(np.arange(self.people), np.diff(self.begins))
        self.person_of = person[order]
        kinds, first = np.unique(self.code[order], return_index=True)
        self.kinds = [
            (kind, slice(low, high))
            for kind, low, high in zip(
                kinds.tolist(), first.tolist(), [*first.tolist()[1:], len(order)], strict=True
            )
        ]

    def posterior(self, table: Floats) -> tuple[Floats, Floats]:
        """Return [person, point] shares and [person] log-likelihoods, each person's from their answers alone."""
        log = np.empty((self.people, table.shape[1]))
        for begin in range(0, self.people, TOGETHER):
            end = min(begin + TOGETHER, self.people)
            low, high = int(self.begins[begin]), int(self.begins[end])
            rows = table.take(self.code[low:high], axis=0)
            log[begin:end] = np.add.reduceat(rows, self.begins[begin:end] - low, axis=0)
        log /= LOG_UNIT
        log += _LOG_PRIOR
        top = log.max(axis=1, keepdims=True)
        weight = np.exp(log - top)
        total = weight.sum(axis=1, keepdims=True)
        return weight / total, (np.log(total) + top)[:, 0]


def _shards(responses: Responses, size: int) -> list[_Shard]:
    return [
        _Shard(responses, begin, min(begin + size, responses.people))
        for begin in range(0, responses.people, size)
    ]


def _log_table(parameters: Floats) -> Floats:
    """Return [2 * item + right, point]: the logarithm of that answer, in whole units."""
    x = parameters[0][:, None] * QUADRATURE + parameters[1][:, None]
    both = np.stack([-np.logaddexp(0.0, x), -np.logaddexp(0.0, -x)], axis=1)
    table: Floats = np.rint(both * LOG_UNIT).reshape(-1, len(QUADRATURE))
    return table


def _expect(shards: list[_Shard], parameters: Floats) -> _Sums:
    """Read all answers once: whole numbers add up to the same whatever the shards."""
    table = _log_table(parameters)
    sums: Ints = np.zeros(table.shape, dtype=np.int64)
    log_likelihood = 0
    for shard in shards:
        share, log = shard.posterior(table)
        units = np.rint(share * SHARE_UNIT)
        for kind, part in shard.kinds:
            sums[kind] += units.take(shard.person_of[part], axis=0).sum(axis=0).astype(np.int64)
        log_likelihood += int(np.rint(log * LOG_UNIT).astype(np.int64).sum())
    wrong, right = sums[0::2] / SHARE_UNIT, sums[1::2] / SHARE_UNIT
    return _Sums(wrong + right, right, log_likelihood / LOG_UNIT)


def _maximise(parameters: Floats, sums: _Sums, pull: Floats) -> Floats:
    """Return the parameters of each item that make its expected answers likeliest: a few Newton steps."""
    found = parameters
    for _ in range(8):
        x = found[0][:, None] * QUADRATURE + found[1][:, None]
        chance = 1.0 / (1.0 + np.exp(-x))
        rest = sums.right - sums.answers * chance
        weight = sums.answers * chance * (1.0 - chance)
        gradient = np.stack([(rest * QUADRATURE).sum(axis=1), rest.sum(axis=1)]) - pull * (found - _CENTRE)
        aa = (weight * QUADRATURE**2).sum(axis=1) + pull[0] + 1e-9
        ad = (weight * QUADRATURE).sum(axis=1)
        dd = weight.sum(axis=1) + pull[1] + 1e-9
        size = aa * dd - ad * ad
        step = np.stack(
            [(dd * gradient[0] - ad * gradient[1]) / size, (aa * gradient[1] - ad * gradient[0]) / size]
        )
        found = _held(found + np.clip(step, -1.0, 1.0))
        if np.abs(step).max() < 1e-10:
            break
    return found


def _errors(shards: list[_Shard], parameters: Floats) -> tuple[Floats, Floats]:
    """Return the standard errors of slopes and difficulties, from the products of people's scores."""
    count = parameters.shape[1]
    table = _log_table(parameters)
    chance = 1.0 / (1.0 + np.exp(-(parameters[0][:, None] * QUADRATURE + parameters[1][:, None])))
    whole = count <= WHOLE_COVARIANCE
    products: Ints = np.zeros((2 * count, 2 * count) if whole else (3, count), dtype=np.int64)
    for shard in shards:
        share, _ = shard.posterior(table)
        of_slope, of_intercept = _scores(shard, share, chance)
        item = np.concatenate([np.full(part.stop - part.start, kind // 2) for kind, part in shard.kinds])
        if whole:
            dense = np.zeros((shard.people, 2 * count))
            dense[shard.person_of, item] = of_slope
            dense[shard.person_of, count + item] = of_intercept
            products += (dense.T @ dense).astype(np.int64)
        else:
            pairs = (of_slope * of_slope, of_slope * of_intercept, of_intercept * of_intercept)
            products += np.stack([np.bincount(item, pair, count) for pair in pairs]).astype(np.int64)
    covariance = _inverse(products / SCORE_UNIT**2, count, whole=whole)
    return _of_difficulty(parameters, covariance)


def _scores(shard: _Shard, share: Floats, chance: Floats) -> tuple[Floats, Floats]:
    """Return each answer's derivatives of its person's log-likelihood, by slope and by intercept, in whole units."""
    of_slope, of_intercept = np.empty(len(shard.code)), np.empty(len(shard.code))
    for kind, part in shard.kinds:
        rest = share.take(shard.person_of[part], axis=0) * (kind % 2 - chance[kind // 2])
        of_intercept[part] = rest.sum(axis=1)
        of_slope[part] = (rest * QUADRATURE).sum(axis=1)
    return np.rint(of_slope * SCORE_UNIT), np.rint(of_intercept * SCORE_UNIT)


def _inverse(products: Floats, count: int, *, whole: bool) -> Floats:
    """Return [3, item]: variance of the slope, covariance, variance of the intercept."""
    if whole:
        inverse = np.linalg.pinv(products, hermitian=True)
        place = np.arange(count)
        return np.stack(
            [inverse[place, place], inverse[place, count + place], inverse[count + place, count + place]]
        )
    aa, ad, dd = products
    size = aa * dd - ad * ad
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(size > 0, np.stack([dd, -ad, aa]) / size, np.nan)


def _of_difficulty(parameters: Floats, covariance: Floats) -> tuple[Floats, Floats]:
    """Return standard errors of a and of b = -d / a, by the delta method; NaN for an item held at a bound."""
    slope, intercept = parameters
    aa, ad, dd = covariance
    by_slope, by_intercept = intercept / slope**2, -1.0 / slope
    place = by_slope**2 * aa + 2 * by_slope * by_intercept * ad + by_intercept**2 * dd
    held = (slope >= MAX_SLOPE) | (slope <= 0.02) | (np.abs(intercept) >= MAX_PLACE)
    with np.errstate(invalid="ignore"):
        se_a, se_b = (np.where(held | ~(v > 0), np.nan, np.sqrt(v)) for v in (aa, place))
    return se_a, se_b
