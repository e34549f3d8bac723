"""A nail planned for one bone: what goes onto its sheet, and what must be said."""

from __future__ import annotations

from dataclasses import dataclass

from callotasis.alignment import Limb, MeasuredFilm
from callotasis.evidence import constant
from callotasis.findings import Finding, Level
from callotasis.fixation.catalogue import Device
from callotasis.fixation.nail.canal import (
    Canals,
    CanalSeen,
    canal_findings,
    canals_of,
)
from callotasis.fixation.nail.doubt import Course, NailDoubt, doubt_findings, nail_doubt
from callotasis.fixation.nail.entry import (
    Entry,
    distance_to_knee,
    entry_findings,
    entry_of,
)
from callotasis.fixation.nail.reverse import ReversePlan, reverse_plan
from callotasis.fixation.nail.rules import (
    BlockingScrew,
    Controller,
    blocking_screws,
    controller_time,
    reach_beyond_cut,
    reach_findings,
    stroke_findings,
)
from callotasis.fixation.nail.size import (
    Bow,
    Thickness,
    bow_findings,
    bow_of,
    thickness_findings,
    thickness_of,
)
from callotasis.fixation.telescope import Settings, Telescope
from callotasis.plan import Target
from callotasis.pose import Bone
from callotasis.worlds import Interval

RETROGRADE = "retrograde"


@dataclass(frozen=True)
class NailSheet:
    """Everything about the nail of one segment.

    Attributes
    ----------
    entry : Entry
        Where it goes in.
    length_mm, beyond_cut_mm : float
        The shortest nail that does, not yet drawn out, and its share beyond the cut
        [mm].
    turn_deg, step_mm : float
        What must be done at surgery beyond any correction so that sliding along the
        nail ends in the wanted limb: valgus of the distal part, and how far lateral
        it lies at the cut [deg, mm].
    canal : CanalSeen
        What told the line of the nail.
    thickness : Thickness or None
        None where nobody marked the canal.
    bow : Bow or None
        None where no lateral film shows it.
    blocking : tuple of BlockingScrew
        Screws beside the nail.
    controller : Controller
        Sessions and minutes.
    doubt : NailDoubt
        How wrong the leg may end.
    not_measured : tuple of str
        What no film showed.
    """

    entry: Entry
    length_mm: float
    beyond_cut_mm: float
    turn_deg: float
    step_mm: float
    canal: CanalSeen
    thickness: Thickness | None
    bow: Bow | None
    blocking: tuple[BlockingScrew, ...]
    controller: Controller
    doubt: NailDoubt
    not_measured: tuple[str, ...]

    @property
    def evidence(self) -> tuple[str, ...]:
        """Rows behind the sheet."""
        return (
            "fixation.nail_thin_part",
            "fixation.nail_wide_across",
            "fixation.nail_over_ream",
            "fixation.nail_cortex_left",
            "fixation.nail_accuracy",
            "fixation.nail_precision",
            "fixation.nail_entry_done",
            "fixation.nail_turn_done",
            "fixation.nail_cut_done",
            "fixation.nail_axis_limit",
            "fixation.nail_length_limit",
            *(screw.evidence for screw in self.blocking),
        )


@dataclass(frozen=True, eq=False)
class Nailed:
    """A nail in a bone, planned backwards, before its settings are chosen.

    Attributes
    ----------
    measured : MeasuredFilm
        Before surgery.
    device : Device
        The nail.
    approach : str
        ``antegrade`` or ``retrograde``.
    canals : Canals
        Before surgery [mm].
    plan : ReversePlan
        What must be done at surgery [mm, deg].
    """

    measured: MeasuredFilm
    device: Device
    approach: str
    canals: Canals
    plan: ReversePlan

    @property
    def target(self) -> Target:
        """The wanted limb, shared out between surgery and distraction."""
        return self.plan.target

    @property
    def telescope(self) -> Telescope:
        """The nail as a device that slides along its own line."""
        return Telescope(self.device, self.target.segment, self.plan.axis)

    @property
    def limb(self) -> Limb:
        """The leg before surgery."""
        return self.measured.limbs[self.target.segment.side]


def nailed(
    measured: MeasuredFilm, target: Target, device: Device, approach: str
) -> Nailed:
    """Plan a nail backwards from the wanted limb.

    Parameters
    ----------
    measured : MeasuredFilm
        Before surgery [mm].
    target : Target
        The wanted motion [mm, deg].
    device : Device
        The nail.
    approach : str
        ``antegrade`` or ``retrograde``.

    Returns
    -------
    Nailed
        With acute and gradual part shared out anew [mm, deg].

    Raises
    ------
    DeviceRefusal
        If no straight nail can do it, or a bend is corrected and no shaft was marked.

    References
    ----------
    .. [1] :func:`callotasis.fixation.nail.reverse.reverse_plan`.
    """
    limb = measured.limbs[target.segment.side]
    canals = canals_of(limb, target, measured.worlds)
    meets = (
        distance_to_knee(limb, canals)
        if approach == RETROGRADE
        else reach_beyond_cut(target.gain_mm)
    )
    plan = reverse_plan(limb, target, canals, meets)
    return Nailed(measured, device, approach, canals, plan)


@dataclass(frozen=True)
class Pace:
    """How a nail is turned, and what else the sheet needs.

    Attributes
    ----------
    rate_mm_per_day : float
        As prescribed [mm/day].
    rhythm_per_day : int
        Sessions a day.
    bow_radius_mm : Interval or None
        Of the shaft, from a lateral film [mm].
    equal : bool
        Whether the leg shall become as long as the other one.
    """

    rate_mm_per_day: float
    rhythm_per_day: int
    bow_radius_mm: Interval | None
    equal: bool


def nail_sheet(nail: Nailed, settings: Settings, pace: Pace) -> NailSheet:
    """Put everything about a nail onto its sheet.

    Parameters
    ----------
    nail : Nailed
        As planned [mm, deg].
    settings : Settings
        As set on the device [mm].
    pace : Pace
        How it is turned.

    Returns
    -------
    NailSheet
        Decisions as plain numbers, consequences as intervals [mm, deg].

    References
    ----------
    .. [1] Planning facts 3.2 and 3.3.
    """
    target, extension = nail.target, settings.extension_mm
    entry = entry_of(
        nail.limb, target, nail.canals, retrograde=nail.approach == RETROGRADE
    )
    reach = reach_beyond_cut(extension)
    thickness, radius = _thickness(nail), pace.bow_radius_mm
    parts, room = (entry.to_cut_mm, reach), _room(thickness)
    course = Course(
        extension, entry.to_cut_mm, nail.approach == RETROGRADE, equal=pace.equal
    )
    return NailSheet(
        entry=entry,
        length_mm=entry.to_cut_mm + reach,
        beyond_cut_mm=reach,
        turn_deg=nail.plan.turn_deg,
        step_mm=nail.plan.step_mm,
        canal=nail.canals.seen,
        thickness=thickness,
        bow=None if radius is None else bow_of(radius, parts, room),
        blocking=blocking_screws(
            target.segment, target.cut.level_mm / target.bone_length_mm
        ),
        controller=controller_time(
            nail.device, extension, pace.rate_mm_per_day, pace.rhythm_per_day
        ),
        doubt=nail_doubt(nail.measured, nail.plan, nail.canals, course),
        not_measured=_not_measured(entry, thickness, radius),
    )


def nail_findings(nail: Nailed, sheet: NailSheet, settings: Settings) -> list[Finding]:
    """Everything that must be said about a nail.

    Parameters
    ----------
    nail : Nailed
        As planned [mm, deg].
    sheet : NailSheet
        Its sheet.
    settings : Settings
        As set on the device [mm].

    Returns
    -------
    list of Finding
        In no order.

    References
    ----------
    .. [1] The functions of the modules ``nail``, ``nail_canal``, ``nail_size`` and
       ``nail_doubt``.
    """
    target, segment = nail.target, nail.target.segment
    below = target.bone_length_mm - target.cut.level_mm
    beyond = target.cut.level_mm if nail.approach == RETROGRADE else below
    cortex = sheet.thickness.cortex_left_mm if sheet.thickness else None
    gains = bool(settings.extension_mm)
    return [
        *canal_findings(nail.limb, segment, nail.canals.seen),
        *entry_findings(segment, sheet.entry, retrograde=nail.approach == RETROGRADE),
        *(reach_findings(segment, settings.extension_mm, beyond) if gains else []),
        *stroke_findings(segment, nail.device, settings.extension_mm),
        *thickness_findings(segment, nail.device, sheet.thickness),
        *bow_findings(segment, sheet.bow, cortex),
        *_turn_findings(nail, sheet),
        *_step_findings(nail, sheet),
        *doubt_findings(segment, sheet.doubt),
    ]


def _turn_findings(nail: Nailed, sheet: NailSheet) -> list[Finding]:
    """Stop where sliding along the nail would turn a healthy end of the bone."""
    limit, segment = constant("fixation.nail_turn_limit"), nail.target.segment
    if abs(sheet.turn_deg) <= limit.value:
        return []
    joint = "ankle" if segment.bone is Bone.TIBIA else "hip"
    return [
        Finding(
            Level.STOP,
            "nail.turn",
            f"So that sliding along the nail ends in the wanted limb, the "
            f"{segment.words} would have to be turned {abs(sheet.turn_deg):.1f}° "
            f"against its {joint}; up to {limit.value:g}° counts as harmless.",
            "Put hinge and cut on the apex, choose another level, or another device.",
            limit.key,
            str(segment),
        )
    ]


def _room(thickness: Thickness | None) -> float:
    """How much wider than the nail its canal is; the usual where nobody marked it."""
    over = constant("fixation.nail_over_ream").value
    return over if thickness is None else thickness.room_mm


def _step_findings(nail: Nailed, sheet: NailSheet) -> list[Finding]:
    """Say where the nail lies beside the middle of a canal that is tight at the cut.

    A nail from the knee passes the cut in the wide lower end; one from above does not.
    """
    row, room = constant("fixation.nail_over_ream"), _room(sheet.thickness) / 2
    if nail.approach == RETROGRADE or abs(sheet.step_mm) <= room:
        return []
    where, back = ("lateral", "medial") if sheet.step_mm > 0 else ("medial", "lateral")
    return [
        Finding(
            Level.CAUTION,
            "nail.step",
            f"To end straight, the distal part of the {nail.target.segment.words} must "
            f"lie {abs(sheet.step_mm):.1f} mm {where} of the proximal part at the cut; "
            f"the reamed canal lets the nail lie {room:.1f} mm beside its middle.",
            f"Ream the distal part wider on its {back} side and hold the step with "
            "blocking screws, or accept a part of the drift.",
            row.key,
            str(nail.target.segment),
        )
    ]


def _thickness(nail: Nailed) -> Thickness | None:
    """Choose a thickness where somebody marked the canal."""
    segment = nail.target.segment
    found = nail.measured.measurement.sides[segment.side]
    canal = found.get(f"{segment.bone}_canal_mm")
    if canal is None:
        return None
    return thickness_of(nail.device, canal, found.get(f"{segment.bone}_width_mm"))


def _not_measured(
    entry: Entry, thickness: Thickness | None, bow: Interval | None
) -> tuple[str, ...]:
    missing = ["entry forward or back", "sagittal plane", "rotation"]
    if entry.offset_mm is None:
        missing.append("entry")
    if thickness is None:
        missing.append("width of the canal")
    if bow is None:
        missing.append("bow of the shaft")
    return tuple(missing)
