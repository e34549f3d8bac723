"""After distraction: what should be true before each further step.

Every gate is a proposal with its source; none opens by itself. A clinician's decision
allows a step, whatever the gate says, with a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from callotasis.distraction import Phase
from callotasis.evidence import Evidence, constant
from callotasis.fixation import Kind
from callotasis.followup.decisions import Step
from callotasis.followup.film_reads import FilmRead
from callotasis.pose import Bone
from callotasis.rehabilitation.ladder import CORTICES


@dataclass(frozen=True)
class Condition:
    """One thing that a gate asks for.

    Attributes
    ----------
    words : str
        What is asked, with its limit.
    met : bool or None
        None where nobody has looked yet.
    evidence : str
        Row behind the limit.
    """

    words: str
    met: bool | None
    evidence: str


@dataclass(frozen=True)
class Gate:
    """One step and what stands before it.

    Attributes
    ----------
    step : Step
        What would be allowed.
    conditions : tuple of Condition
        All must be met.
    allowed_day : int or None
        Since surgery, when a clinician allowed it [day].
    note : str
        What the sources warn of.
    """

    step: Step
    conditions: tuple[Condition, ...]
    allowed_day: int | None
    note: str

    @property
    def open(self) -> bool:
        """Whether everything asked for is met; a clinician decides."""
        return all(condition.met for condition in self.conditions)


@dataclass(frozen=True)
class Healed:
    """What is known of a bone after distraction.

    Attributes
    ----------
    bone : Bone
        Femur or tibia.
    kind : Kind
        Of its device.
    phase : Phase
        Where it stands.
    day : int
        Since surgery [day].
    film : FilmRead or None
        The newest that speaks of callus.
    allowed : dict of Step to int
        Steps that a clinician allowed, with the day [day].
    findings : tuple of str
        Keys of what stands against a step.
    """

    bone: Bone
    kind: Kind
    phase: Phase
    day: int
    film: FilmRead | None
    allowed: Mapping[Step, int] = field(default_factory=dict)
    findings: tuple[str, ...] = ()


def gates_of(healed: Healed) -> tuple[Gate, ...]:
    """Say for every step after distraction what is met and what is missing.

    Parameters
    ----------
    healed : Healed
        What is known.

    Returns
    -------
    tuple of Gate
        Nothing before distraction has ended; a frame's steps for a frame, a nail's
        for a nail.

    References
    ----------
    .. [1] Rows ``rehabilitation.*`` and ``course.gate_*``.
    """
    if healed.phase not in {Phase.CONSOLIDATION, Phase.LOADING}:
        return ()
    external = healed.kind.external
    steps = (
        (Step.DYNAMISATION, _dynamisation, external),
        (Step.FRAME_REMOVAL, _frame_removal, external),
        (Step.FULL_WEIGHT_BEARING, _full_load, True),
        (Step.SPORT, _sport, True),
        (Step.NAIL_REMOVAL, _nail_removal, not external),
    )
    return tuple(_gate(step, ask, healed) for step, ask, applies in steps if applies)


Ask = Callable[[Healed], tuple[tuple[Condition, ...], str]]


def _gate(step: Step, ask: Ask, healed: Healed) -> Gate:
    conditions, note = ask(healed)
    clear = Condition("No stop stands against the bone", not healed.findings, "")
    return Gate(step, (*conditions, clear), healed.allowed.get(step), note)


def _dynamisation(healed: Healed) -> tuple[tuple[Condition, ...], str]:
    return (
        (_ratio(healed, "rehabilitation.femur_half_ratio"), _closed(healed)),
        "The ratio is carried over from nails; a frame is made less stiff in steps.",
    )


def _frame_removal(healed: Healed) -> tuple[tuple[Condition, ...], str]:
    width = None if healed.film is None else healed.film.width_ratio
    row = constant("course.gate_width")
    wide = Condition(
        f"New bone at least {row.value:g} as wide as its neighbours",
        None if width is None else width >= row.value,
        row.key,
    )
    sank = constant("rehabilitation.subsidence")
    note = (
        f"In one series {sank.value:g} % of tibiae sank by more than 1 cm after the "
        "frame came off, whatever the number of closed cortices."
    )
    return (_full_ratio(healed), _closed(healed), wide), note


def _full_load(healed: Healed) -> tuple[tuple[Condition, ...], str]:
    if healed.kind.external:
        off = Condition(
            "The frame may come off, or bears the load",
            Step.FRAME_REMOVAL in healed.allowed or None,
            "rehabilitation.subsidence",
        )
        return (_full_ratio(healed), _closed(healed), off), ""
    note = "Means at the time surgeons decided; no limit was ever tested."
    if healed.bone is Bone.TIBIA:
        return (_full_ratio(healed),), note
    return (_full_ratio(healed), _least(healed), _closed(healed)), note


def _sport(healed: Healed) -> tuple[tuple[Condition, ...], str]:
    loaded = healed.allowed.get(Step.FULL_WEIGHT_BEARING)
    row, whole = constant("course.gate_sport"), constant("rehabilitation.sport")
    months = healed.day / 30.4
    return (
        (
            Condition(
                f"{row.high:g} days of full weight bearing",
                None if loaded is None else healed.day - loaded >= row.high,
                row.key,
            ),
            Condition(
                f"{whole.value:g} months since surgery",
                months >= whole.value,
                whole.key,
            ),
        ),
        "One optimistic centre; contact sport later, if at all.",
    )


def _nail_removal(healed: Healed) -> tuple[tuple[Condition, ...], str]:
    row = constant("course.gate_nail")
    return (
        (
            Condition(
                f"Day {row.value:g} to {row.high:g} since surgery",
                healed.day >= row.value,
                row.key,
            ),
            Condition(
                "Full weight bearing allowed",
                Step.FULL_WEIGHT_BEARING in healed.allowed or None,
                "rehabilitation.femur_mean_ratio",
            ),
            _full_ratio(healed),
        ),
        "A recalled nail may have to come out sooner; protect the bone afterwards.",
    )


def _full_ratio(healed: Healed) -> Condition:
    """The published rule of the bone: a mean for femora, three cortices for tibiae."""
    if healed.bone is Bone.FEMUR:
        return _ratio(healed, "rehabilitation.femur_mean_ratio")
    row = constant("rehabilitation.tibia_full_cortices")
    count = healed.film.cortices_like_bone if healed.film else 0
    return Condition(
        f"{row.value:g} cortices as dense as the bone beside them",
        _told(healed, count, row.value),
        row.key,
    )


def _told(healed: Healed, count: int, needed: float) -> bool | None:
    """Tell whether so many cortices are enough; None while unread ones may decide."""
    unread = len(CORTICES) - len(healed.film.ratio if healed.film else ())
    if count >= needed:
        return True
    return None if count + unread >= needed else False


def _ratio(healed: Healed, key: str) -> Condition:
    row = constant(key)
    mean = healed.film.mean_ratio if healed.film else None
    words = f"Mean pixel value ratio of all cortices at least {row.value:g}"
    unread = healed.film is None or len(healed.film.ratio) < len(CORTICES)
    # One cortex never opens a gate: facts name a mean over all.
    return _line(words, None if unread else mean, row)


def _least(healed: Healed) -> Condition:
    row = constant("rehabilitation.femur_least_ratio")
    ratios = healed.film.ratio.values() if healed.film else ()
    count = sum(ratio >= row.value for ratio in ratios)
    return Condition(
        f"Every cortex at least {row.value:g}",
        _told(healed, count, len(CORTICES)),
        row.key,
    )


def _closed(healed: Healed) -> Condition:
    row = constant("rehabilitation.bridged_cortices")
    count = healed.film.bridged_cortices if healed.film else None
    return _line(f"{row.value:g} of four cortices closed on two views", count, row)


def _line(words: str, value: float | None, row: Evidence) -> Condition:
    return Condition(words, None if value is None else value >= row.value, row.key)
