"""Every file of a hexapod's program: its document, three pictures, the strut sheet."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from matplotlib.figure import Figure

from callotasis.errors import FrameRefusal
from callotasis.evidence import constant
from callotasis.exchange import as_json
from callotasis.fixation.hexapod import Placement, Programmed, ProgramOrder
from callotasis.fixation.hexapod.build import limb_in_frame
from callotasis.fixation.hexapod.clearance import Capsule, Fragments
from callotasis.fixation.hexapod.orders import LimbRoom, Mode
from callotasis.pose import Segment, Side
from callotasis.report.frame_drawing import Scene
from callotasis.report.frame_pictures import frame_views, path_views, strut_chart
from callotasis.report.strut_sheet import (
    SET_IN_THEATRE,
    STANDS_NOW,
    VIEW,
    StrutSheetOrder,
    frame_picture,
    strut_sheet,
)

FRAME_FILES = ("program.json", "frame.png", "path.png", "struts.png", "struts.pdf")
"""Names of all files; what a program has not must not lie about from an earlier one."""

PICTURE_DPI = 200
BEYOND_RING_MM = 45.0


@dataclass(frozen=True)
class SheetWishes:
    """What a strut sheet needs beside its program; nothing of it is guessed.

    Attributes
    ----------
    first_day : date
        Of the first turn.
    case : str
        Whose sheet it is.
    call : str
        Whom to call when unsure, with the number.
    made_on : date
        Printed on every page.
    paper : str
        ``a4`` or ``us-letter``.
    """

    first_day: date
    case: str
    call: str
    made_on: date
    paper: str = "a4"

    def __post_init__(self) -> None:
        if not self.case.strip():
            raise FrameRefusal("case is empty; a strut sheet says whose it is")


def scene_of(made: Programmed, limb: LimbRoom | None = None) -> Scene:
    """Frame, bones and skin of a program, for its pictures.

    Parameters
    ----------
    made : Programmed
        The program with its frame and both ends [mm].
    limb : LimbRoom, optional
        How wide the skin is [mm].

    Returns
    -------
    Scene
        As a right leg's; the paper mirrors a left one back [mm].

    References
    ----------
    .. [1] Evidence row ``hexapod.fragment_radius``. Both fragments end round where they
       shall meet, so that they just touch there without lengthening.
    """
    rings = made.ends.rings()
    skin = None if limb is None else limb_in_frame(limb, *rings, Side.RIGHT)
    return Scene(
        frame=made.frame,
        side=made.side,
        bones=Fragments((_bone(rings[0], 1.0),), (_bone(rings[1], -1.0),)),
        skin=skin,
        wanted=made.ends.target,
        mounted=made.ends.ring,
        bone=Segment.parse(made.program.segment).bone,
    )


def _bone(ring: Placement, up: float) -> Capsule:
    """A fragment from where it shall meet the other to beyond its ring."""
    radius = constant("hexapod.fragment_radius").value
    far = max(abs(float(ring.translation_mm[2])) + BEYOND_RING_MM, 3 * radius)
    ends = np.array([[0.0, 0.0, up * radius], [0.0, 0.0, up * far]])
    start, end = ring.inverse().carried(ends)
    return Capsule(start, end, radius)


def frame_files(
    made: Programmed, order: ProgramOrder, wishes: SheetWishes | None = None
) -> dict[str, bytes]:
    """Work out every file of a program, in full and before any is written.

    Parameters
    ----------
    made : Programmed
        The program [mm, deg, day].
    order : ProgramOrder
        What it was made from.
    wishes : SheetWishes, optional
        Without it there is no strut sheet.

    Returns
    -------
    dict of str to bytes
        By the names of ``FRAME_FILES``.

    Raises
    ------
    FrameRefusal, PlanRefusal
        If the sheet cannot be: a scale that nobody told, an unknown paper.

    References
    ----------
    .. [1] The strut sheet is a draft: a program without a case cannot be signed.
    """
    scene = scene_of(made, order.limb)
    start = made.ends.start
    poses = made.poses.on(scene.side)
    files = {}
    if wishes is not None:
        files["struts.pdf"] = strut_sheet(_sheet_order(made, order, wishes, scene))
    return {
        "program.json": f"{as_json(made.program, fine=True)}\n".encode(),
        "frame.png": _png(frame_views(scene, start, "at the start")),
        "path.png": _png(path_views(scene, poses)),
        "struts.png": _png(
            strut_chart(made.program.schedule, Segment.parse(order.segment))
        ),
        **files,
    }


def _sheet_order(
    made: Programmed, order: ProgramOrder, wishes: SheetWishes, scene: Scene
) -> StrutSheetOrder:
    one, two, three, four, five, six = made.program.schedule.sizes
    again = order.mode is Mode.TOTAL_RESIDUAL
    return StrutSheetOrder(
        schedule=made.program.schedule,
        first_day=wishes.first_day,
        case=wishes.case,
        segment=Segment.parse(order.segment),
        picture=frame_picture(replace(scene, wanted=None), made.ends.start),
        view=VIEW,
        sizes=(one, two, three, four, five, six),
        scale_offset_mm=order.scale_offset_mm,
        graduation_mm=order.graduation_mm,
        call=wishes.call,
        made_on=wishes.made_on,
        start_is=STANDS_NOW if again else SET_IN_THEATRE,
        paper=wishes.paper,
    )


def _png(figure: Figure) -> bytes:
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=PICTURE_DPI)
    return out.getvalue()
