"""A nail in words: the rows of the report that speak of it."""

from __future__ import annotations

from callotasis.fixation import Controller, NailDoubt, NailSheet
from callotasis.wording import length


def nail_rows(nail: NailSheet) -> list[tuple[str, str]]:
    """Say everything about a nail, row by row."""
    return [
        ("Entry of the nail", _entry(nail)),
        ("Line of the nail", f"along {nail.canal}, seen from the front"),
        ("For the nail at surgery", _at_surgery(nail)),
        ("Length of the nail", _length(nail)),
        ("Thickness of the nail", _thickness(nail)),
        ("Bow of the shaft", _bow(nail)),
        (
            "Blocking screws",
            "; ".join(f"{s.place}, against {s.against}" for s in nail.blocking),
        ),
        ("On the controller", _controller(nail.controller)),
        ("How far off it may end", _doubt(nail.doubt)),
    ]


def _entry(nail: NailSheet) -> str:
    offset = nail.entry.offset_mm
    if offset is None:
        return nail.entry.words
    return f"{nail.entry.words} ({offset.low:.0f} to {offset.high:.0f}, lateral +)"


def _length(nail: NailSheet) -> str:
    return (
        f"at least {nail.length_mm:.0f} mm before it is drawn out, "
        f"{nail.beyond_cut_mm:.0f} mm of it beyond the cut"
    )


def _at_surgery(nail: NailSheet) -> str:
    """What cancels the drift; both parts may round to nothing."""
    turn, step = round(nail.turn_deg, 1), round(nail.step_mm, 1)
    parts = []
    if turn:
        parts.append(f"{abs(turn)}° of {'valgus' if turn > 0 else 'varus'}")
    if step:
        side = "lateral" if step > 0 else "medial"
        parts.append(f"distal part {abs(step)} mm {side} at the cut")
    said = ", ".join(parts) or "nothing"
    return f"{said}; then sliding along the nail ends in the wanted limb"


def _thickness(nail: NailSheet) -> str:
    found = nail.thickness
    if found is None:
        return "not measured: nobody marked the canal"
    left = (
        "cortex not measured"
        if found.cortex_left_mm is None
        else f"{found.cortex_left_mm:.1f} mm of cortex left on each side"
    )
    if not found.fits:
        return f"none fits a canal of {length(found.canal_mm)}; {left}"
    return (
        f"{found.diameter_mm:g} mm, canal reamed to {found.reamed_mm:g} mm; it is "
        f"{length(found.canal_mm)} wide; {left}"
    )


def _bow(nail: NailSheet) -> str:
    bow = nail.bow
    if bow is None:
        return "not measured"
    return (
        f"{bow.over_nail_mm:.1f} mm along the nail (radius {length(bow.radius_mm)}), "
        f"canal {bow.room_mm:.1f} mm wider than the nail"
    )


def _controller(time: Controller) -> str:
    if not time.sessions:
        return "nothing to do: the nail is not drawn out"
    back = "runs back too" if time.reversible else "does not run back"
    if time.minutes_per_session is None or time.minutes_per_day is None:
        return f"{time.sessions} sessions; their length is not known; {back}"
    whole, seconds = divmod(round(time.minutes_per_session * 60), 60)
    return (
        f"{time.sessions} sessions of {whole} min {seconds:02d} s, "
        f"{time.minutes_per_day:g} minutes a day; {back}"
    )


def _doubt(doubt: NailDoubt) -> str:
    axis, off = doubt.axis_deg, doubt.length_mm
    return (
        f"axis {axis.low:+.1f} to {axis.high:+.1f}° beside the plan (valgus +), length "
        f"{off.low:+.1f} to {off.high:+.1f} mm if no film is taken on the way; chance "
        f"of missing the axis {100 * doubt.chance_axis:.0f} %, the length "
        f"{100 * doubt.chance_length:.0f} %; read again first: {doubt.read_first}"
    )
