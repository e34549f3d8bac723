"""The theatre sheet: one page a bone, for the surgeon, with room for what was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from callotasis import NOTICE, __version__
from callotasis.alignment import Limb, MeasuredFilm, level_on
from callotasis.errors import PlanRefusal
from callotasis.evidence import Audience, Evidence, constant, may_reach
from callotasis.fixation import Kind, every_device
from callotasis.fixation.hexapod.hardware import STRUT_COLOURS
from callotasis.pose import Bone, Segment
from callotasis.proposal import SegmentSheet, Worked
from callotasis.report.frame_drawing import ink_on
from callotasis.report.nail_words import nail_rows
from callotasis.report.typeset import typeset
from callotasis.surgery import BOXES
from callotasis.wording import dates, length, tenth
from callotasis.worlds import interval

CORRIDORS = {
    Bone.FEMUR: (
        "theatre.femur_side",
        "theatre.femur_nerve_branches",
        "theatre.femur_perforators",
        "theatre.femur_pouch",
    ),
    Bone.TIBIA: (
        "theatre.tibia_side",
        "theatre.tibia_capsule",
        "theatre.tibia_peroneal",
        "theatre.tibia_middle",
        "theatre.tibia_distal",
    ),
}
JOINTS = {
    Bone.FEMUR: ("hip centre", "knee_centre", "knee centre"),
    Bone.TIBIA: ("knee centre", "ankle_centre", "ankle centre"),
}
LANDMARKS = {
    Bone.FEMUR: ("troch_tip", "tip of the greater trochanter"),
    Bone.TIBIA: ("tib_plateau_med", "medial plateau"),
}
BEFORE_THE_CUT = ("Entry of the nail", "Length of the nail", "Thickness of the nail")
WIDTH = {"deviations": 2, "reason": 3}  # of three columns
SEEN_MM_DEG = 0.05  # less is printed as 0.0


@dataclass(frozen=True)
class TheatrePage:
    """One bone in words.

    Attributes
    ----------
    bone : str
        Side and bone, in capitals.
    letter : str
        R or L.
    plan : tuple of (name, words)
        What shall be done.
    screws : tuple of str
        Where each blocking screw lies.
    struts : tuple of dict
        Number, colour, size and length of each strut before the first turn.
    rods : tuple of str
        Of a frame with hinges, before the first turn.
    corridors : tuple of (words, number, source)
        What pins, wires and screws must respect.
    time_out : tuple of str
        What is read aloud before the knife.
    boxes : tuple of dict
        Room for each part of the surgery entry.
    """

    bone: str
    letter: str
    plan: tuple[tuple[str, str], ...]
    screws: tuple[str, ...]
    struts: tuple[Mapping[str, str], ...]
    rods: tuple[str, ...]
    corridors: tuple[tuple[str, str, str], ...]
    time_out: tuple[str, ...]
    boxes: tuple[Mapping[str, object], ...]


def theatre_sheet(
    case: str,
    measured: MeasuredFilm,
    worked: Worked,
    *,
    made_on: date,
    signed: str = "",
    paper: str = "a4",
) -> bytes:
    """Typeset the theatre sheet, one page for each bone of the plan.

    Parameters
    ----------
    case : str
        Name of the case.
    measured : MeasuredFilm
        Where the landmarks are [mm].
    worked : Worked
        The plan [mm, deg].
    made_on : date
        Printed on every page.
    signed : str
        Who signed and when; empty makes a draft.
    paper : str
        ``a4`` or ``us-letter``.

    Returns
    -------
    bytes
        A PDF.

    Raises
    ------
    PlanRefusal
        If a stop is open: nobody operates from such a plan. If the paper is unknown.

    References
    ----------
    .. [1] Evidence rows ``theatre.*``.
    """
    proposal = worked.proposal
    if proposal.withheld:
        raise PlanRefusal(
            f"open stops: {', '.join(proposal.withheld)}; a theatre sheet is made when "
            "each is decided on"
        )
    pages = tuple(
        theatre_page(segment, sheet, measured.limbs[segment.side], signed)
        for segment, sheet in proposal.segments.items()
    )
    content = {
        "case": case,
        "made_on": dates(made_on, made_on),
        "surgery_on": dates(proposal.surgery_on, proposal.surgery_on),
        "version": __version__,
        "notice": NOTICE,
        "draft": not signed,
        "signed": signed,
        "synthetic": measured.film.synthetic,
        "pages": [asdict(page) for page in pages],
    }
    return typeset("theatre.typ", {"content": content}, {}, made_on, paper)


def theatre_page(
    segment: Segment, sheet: SegmentSheet, limb: Limb, signed: str
) -> TheatrePage:
    """Put one bone into words.

    Parameters
    ----------
    segment : Segment
        The bone.
    sheet : SegmentSheet
        Its plan [mm, deg].
    limb : Limb
        The leg before surgery [mm].
    signed : str
        Who signed and when; empty where nobody did.

    Returns
    -------
    TheatrePage
        In the order in which it is printed.
    """
    return TheatrePage(
        bone=segment.words.upper(),
        letter=segment.side.value,
        plan=_plan(segment, sheet, limb),
        screws=_screws(sheet),
        struts=_struts(sheet),
        rods=_rods(sheet),
        corridors=_corridors(segment.bone),
        time_out=_time_out(segment, sheet, signed),
        boxes=tuple(
            {"words": words, "width": WIDTH.get(name, 1)}
            for name, words in BOXES.items()
        ),
    )


def _plan(
    segment: Segment, sheet: SegmentSheet, limb: Limb
) -> tuple[tuple[str, str], ...]:
    rows = [
        ("Device", _device(sheet)),
        *([("Frame", sheet.frame.built)] if sheet.frame else []),
        *_nail(sheet, *BEFORE_THE_CUT),
        ("Level of the cut", "\n".join(cut_words(segment.bone, sheet, limb))),
        ("At surgery", motion_words(sheet.acute_pose)),
        *_nail(sheet, "For the nail at surgery"),
        ("Not seen on the film", _unseen(sheet.acute_pose)),
        ("Afterwards", _afterwards(sheet)),
    ]
    if sheet.fibula is not None:
        rows.append(("Fibula", _fibula(sheet)))
    beside = "; ".join(f"{a.procedure} ({a.trigger})" for a in sheet.adjuncts)
    rows.append(("Beside the cut", beside or "nothing"))
    rows.append(
        ("True zero of the gap", "measure it at the end of surgery, on the last film")
    )
    return tuple(rows)


def _nail(sheet: SegmentSheet, *names: str) -> list[tuple[str, str]]:
    """These rows of what the report says of a nail; none where there is no nail."""
    if sheet.nail is None:
        return []
    said = dict(nail_rows(sheet.nail))
    return [(name, said[name]) for name in names]


def _screws(sheet: SegmentSheet) -> tuple[str, ...]:
    if sheet.nail is None:
        return ()
    return tuple(f"{s.place}, against {s.against}" for s in sheet.nail.blocking)


def _struts(sheet: SegmentSheet) -> tuple[Mapping[str, str], ...]:
    frame = sheet.frame
    if frame is None or not frame.sizes:
        return ()
    return tuple(
        {
            "number": str(strut.number),
            "colour": strut.colour,
            "ink": ink_on(strut.colour),
            "word": strut.word,
            "size": size,
            "length": f"{tenth(start)} mm",
        }
        for strut, size, start in zip(
            STRUT_COLOURS, frame.sizes, frame.start_mm, strict=True
        )
    )


def _rods(sheet: SegmentSheet) -> tuple[str, ...]:
    frame = sheet.frame
    if frame is None or frame.sizes:
        return ()
    return tuple(
        f"{name} {tenth(start)} mm"
        for name, start in zip(frame.parts, frame.start_mm, strict=True)
    )


def _afterwards(sheet: SegmentSheet) -> str:
    if sheet.frame is not None:
        said = f"day by day in the frame: {motion_words(sheet.gradual_pose)}"
        if sheet.frame.sizes:
            said += "; before the first turn, the program is made again from two films"
        return said
    gain = sheet.settings.extension_mm
    return f"lengthen by {gain:g} mm with the device" if gain else "no lengthening"


def _device(sheet: SegmentSheet) -> str:
    device = every_device()[sheet.device]
    said = f"{device.name} {sheet.approach}".strip()
    if device.diameters_mm:
        sizes = ", ".join(f"{d:g}" for d in device.diameters_mm)
        said += f"; diameters {sizes} mm"
    if sheet.frame is not None:
        return said
    return f"{said}; stroke {device.stroke_mm:g} mm"


def cut_words(bone: Bone, sheet: SegmentSheet, limb: Limb) -> tuple[str, ...]:
    """Say where the cut lies, from both joints and from a landmark if it was placed.

    Parameters
    ----------
    bone : Bone
        Femur or tibia.
    sheet : SegmentSheet
        With the level of the cut [mm].
    limb : Limb
        Before surgery [mm].

    Returns
    -------
    tuple of str
        Along the mechanical axis; a measured distance carries its 95 % interval.
    """
    cut = sheet.cut.level_mm
    above, below, below_words = JOINTS[bone]
    said = [f"{tenth(cut)} mm below the {above} along the mechanical axis"]
    for name, words in (LANDMARKS[bone], (below, below_words)):
        if not limb.has(name):
            continue
        beyond = cut - level_on(limb, bone, limb.frontal(name))
        where = "below" if beyond[0] > 0 else "above"
        said.append(f"{length(interval(abs(beyond), words))} {where} the {words}")
    return tuple(said)


def motion_words(pose: Mapping[str, object]) -> str:
    """What is done to the lower fragment, as an order.

    Examples
    --------
    >>> motion_words({"valgus_deg": -0.73, "lateral_mm": 2.0, "proximal_mm": 0.0})
    'turn the lower fragment 0.7° into varus, shift it 2.0 mm to lateral'
    >>> motion_words({"valgus_deg": 0.0, "lateral_mm": 0.0, "proximal_mm": 0.0})
    'cut only: neither turn nor shift'
    """
    orders = (
        ("valgus_deg", "turn", "°", "into valgus", "into varus"),
        ("lateral_mm", "shift", " mm", "to lateral", "to medial"),
        ("proximal_mm", "shift", " mm", "proximally", "distally"),
    )
    said: list[str] = []
    for name, verb, unit, plus, minus in orders:
        value = pose.get(name)
        if isinstance(value, float) and abs(value) >= SEEN_MM_DEG:
            what = "it" if said else "the lower fragment"
            way = plus if value > 0 else minus
            said.append(f"{verb} {what} {tenth(abs(value))}{unit} {way}")
    return ", ".join(said) or "cut only: neither turn nor shift"


UNSEEN = {
    "anterior_mm": "shift forward or back",
    "apex_anterior_deg": "apex forward or back",
    "external_rotation_deg": "rotation",
}


def _unseen(pose: Mapping[str, object]) -> str:
    hidden = pose.get("not_measured")
    names = hidden if isinstance(hidden, list) else []
    said = [UNSEEN.get(str(name), str(name)) for name in names]
    return f"{', '.join(said)}: look at the leg" if said else "nothing"


def _fibula(sheet: SegmentSheet) -> str:
    fibula = sheet.fibula
    if fibula is None or fibula.cut_mm is None:
        return "not planned: decided on by name, see the report"
    ends = (("above", fibula.fixed_proximally), ("below", fibula.fixed_distally))
    fixed = ", ".join(
        f"{'fix' if held else 'do not fix'} it {end}" for end, held in ends
    )
    return f"cut it {tenth(fibula.cut_mm)} mm above the ankle centre, {fixed}"


def _corridors(bone: Bone) -> tuple[tuple[str, str, str], ...]:
    rows = (constant(key) for key in CORRIDORS[bone])
    return tuple(
        (row.statement, _number(row), f"{row.source.split(',')[0]} [{row.mark}]")
        for row in rows
        if may_reach(row, Audience.CLINICIAN)
    )


def _number(row: Evidence) -> str:
    span = f"{row.low:g} to {row.high:g}"
    if row.unit == "mm":
        return f"{row.value:g} mm ({span})"
    return f"{span} {row.unit}"


def _time_out(segment: Segment, sheet: SegmentSheet, signed: str) -> tuple[str, ...]:
    side = segment.side.word.upper()
    framed = sheet.frame is not None
    parts = "Rings, struts and rods" if framed else "Device, diameter and length"
    lines = [
        "Name and date of birth agree with the wrist band and the consent.",
        f"The {side} side is marked on the skin; the consent says {segment.words}.",
        f"The film hangs the patient's right on the left; all name the {side} leg.",
        f"The plan is {signed}." if signed else "The plan is NOT SIGNED: do not start.",
        f"{parts} on the table are those of this sheet, read aloud.",
        "The cut was found with the image intensifier, from the landmark named here.",
    ]
    if every_device()[sheet.device].kind is Kind.NAIL:
        lines.append(
            "The controller is in the room; the drive is tried before closing."
        )
    if sheet.frame is not None:
        lines.append("Rings, rods or struts on the table were tried together.")
    if segment.bone is Bone.TIBIA:
        lines.append("The fibula: level and both fixations are read aloud.")
    lines.append("Pulses, power and feeling of the foot were noted before.")
    return tuple(lines)
