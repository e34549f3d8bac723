"""The film cut and moved: what the leg will look like, before and after."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from callotasis.alignment import ENDS, MeasuredFilm
from callotasis.plan.target import Target
from callotasis.pose import Pose, Segment, Side
from callotasis.worlds import Array

Picture = npt.NDArray[np.float32]

PREVIEW_ROWS = 1600
EDGE_SHARE = 0.03  # of a film's width, on either side of the body


@dataclass(frozen=True, eq=False)
class CutFilm:
    """A film before and after, at one scale.

    Attributes
    ----------
    before, after : Picture
        Same shape, 0 to 1, bone bright.
    moved : array of bool
        Pixels of ``after`` that belong to a moving fragment.
    mm_per_px : float
        Of both pictures [mm].
    factor : float
        Film pixels in one picture pixel [px].
    """

    before: Picture
    after: Picture
    moved: npt.NDArray[np.bool_]
    mm_per_px: float
    factor: float


def cut_and_move(
    measured: MeasuredFilm, targets: dict[Segment, Target], poses: dict[Segment, Pose]
) -> CutFilm:
    """Cut the film at each osteotomy and move what lies below.

    Parameters
    ----------
    measured : MeasuredFilm
        Film and its calibration.
    targets : dict of Segment to Target
        Cuts and gains [mm].
    poses : dict of Segment to Pose
        What is done at each cut [mm, deg].

    Returns
    -------
    CutFilm
        The moving part in full, its old place black.

    References
    ----------
    .. [1] A picture in the plane of the film: fragments move as their poses say,
       without perspective.
    """
    film = measured.film
    factor = max(1.0, film.rows / PREVIEW_ROWS)
    mm = float(measured.calibration.reference_mm_per_px[0]) * factor
    longest = max((t.gain_mm for t in targets.values()), default=0.0)
    room = int(np.ceil((longest + 40) / mm))
    before = _small(film.pixels, factor)
    dark = _dark(before)
    before = np.pad(before, ((0, room), (0, 0)), constant_values=dark)
    after = before.copy()
    moving = np.zeros(before.shape, bool)
    # Distal cuts first: a femur then carries its already moved tibia along.
    for segment in sorted(targets, key=lambda s: s.bone == "femur"):
        after, moving = _move_below(
            after,
            moving,
            _Cut(measured, targets[segment], factor, mm),
            poses[segment],
            dark,
        )
    return CutFilm(before, after, moving, mm, factor)


def _small(pixels: Picture, factor: float) -> Picture:
    if factor == 1.0:
        return pixels.copy()
    smooth = ndimage.uniform_filter(pixels, int(np.ceil(factor)))
    return np.asarray(ndimage.zoom(smooth, 1 / factor, order=1), dtype=np.float32)


def _dark(picture: Picture) -> float:
    """Grey of the film beside the body: what a gap and new margins are filled with."""
    edge = max(1, int(EDGE_SHARE * picture.shape[1]))
    return float(np.median(np.c_[picture[:, :edge], picture[:, -edge:]]))


class _Cut:
    """Where a cut lies in the small picture, and which pixels it parts."""

    def __init__(
        self, measured: MeasuredFilm, target: Target, factor: float, mm: float
    ) -> None:
        self.side = target.segment.side
        self.mm = mm
        points = measured.landmarks.sides[self.side]
        top, bottom = (
            np.array(points[name]) / factor for name in ENDS[target.segment.bone]
        )
        self.down = (bottom - top) / np.linalg.norm(bottom - top)
        share = target.cut.level_mm / target.bone_length_mm
        self.centre = top + share * (bottom - top)
        self.middle = _middle_line(measured, factor)

    def below(self, shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
        """Pixels of this leg that lie below the cut."""
        rows, columns = np.indices(shape)
        beyond = (columns + 0.5 - self.centre[0]) * self.down[0] + (
            rows + 0.5 - self.centre[1]
        ) * self.down[1]
        left = columns + 0.5 < self.middle
        own = left if self.side is Side.RIGHT else ~left
        return np.asarray((beyond > 0) & own)


def _middle_line(measured: MeasuredFilm, factor: float) -> float:
    """Column between the legs; the film's edge where there is one leg."""
    legs = measured.landmarks.sides
    if len(legs) == 1:
        return np.inf if Side.RIGHT in legs else -np.inf
    knees = [legs[s]["knee_centre"][0] + legs[s]["ankle_centre"][0] for s in legs]
    return sum(knees) / 4 / factor


def _move_below(
    picture: Picture,
    moving: npt.NDArray[np.bool_],
    cut: _Cut,
    pose: Pose,
    dark: float,
) -> tuple[Picture, npt.NDArray[np.bool_]]:
    mask = cut.below(picture.shape)
    matrix, offset = _pulled_back(cut, pose)
    carried = ndimage.affine_transform(
        np.where(mask, picture, 0.0), matrix, offset, order=1
    )
    landed = (
        ndimage.affine_transform(mask.astype(np.float32), matrix, offset, order=1) > 0.5  # noqa: PLR2004
    )
    own_moving = ndimage.affine_transform(
        moving.astype(np.float32), matrix, offset, order=0
    )
    after = np.where(mask, dark, picture)
    after = np.where(landed, np.maximum(carried, after), after).astype(np.float32)
    return after, np.where(mask | landed, landed | (own_moving > 0), moving)


def _pulled_back(cut: _Cut, pose: Pose) -> tuple[Array, Array]:
    """Affine map from a pixel after to the pixel before, (row, column)."""
    outward = -1.0 if cut.side is Side.RIGHT else 1.0
    # Valgus carries the distal end laterally: on the film towards ``outward``.
    turn = np.radians(pose.valgus_deg) * outward
    cos, sin = np.cos(turn), np.sin(turn)
    # Forward on (column, row): a point straight below moves outward for valgus.
    forward = np.array([[cos, sin], [-sin, cos]])
    shift = np.array([pose.lateral_mm * outward, -pose.proximal_mm]) / cut.mm
    back = forward.T
    origin = cut.centre - back @ (cut.centre + shift)
    # ndimage counts (row, column) from pixel centres; (column, row) from corners.
    origin = origin + back @ [0.5, 0.5] - [0.5, 0.5]
    return back[::-1, ::-1], origin[::-1]
