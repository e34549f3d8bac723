"""The film cut and moved: what the leg will look like, before and after."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from callotasis.alignment import ENDS, MeasuredFilm
from callotasis.plan.target import Target
from callotasis.pose import Pose, Segment, Side
from callotasis.worlds import Array

Picture = npt.NDArray[np.float32]

PREVIEW_ROWS = 1600
SIDE_SHARE = 0.10  # of the film's width, added on either side
_LOW = ("knee", "ankle")
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
        Of both pictures, where the legs are [mm].
    factor : float
        Film columns in one picture pixel [px].
    aspect : float
        Film rows are this much higher than columns are wide [1].
    margin : int
        Columns added on either side, so that a turned leg stays on the picture [px].
    """

    before: Picture
    after: Picture
    moved: npt.NDArray[np.bool_]
    mm_per_px: float
    factor: float
    aspect: float = 1.0
    margin: int = 0

    def placed(self, point: tuple[float, float]) -> Array:
        """Where a point of the film lies on the pictures, (column, row) [px]."""
        column, row = point
        return np.array([column, row * self.aspect]) / self.factor + [self.margin, 0]


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
        The moving part in full, its old place as dark as the film beside the body.

    References
    ----------
    .. [1] A picture in the plane of the film: fragments move as their poses say,
       without perspective.
    """
    film = measured.film
    factor = max(1.0, film.rows * film.aspect / PREVIEW_ROWS)
    mm = _mm_per_column(measured) * factor
    room = int(np.ceil((sum(t.gain_mm for t in targets.values()) + 40) / mm))
    before = _small(film.pixels, factor, film.aspect)
    dark = _dark(before)
    margin = int(SIDE_SHARE * before.shape[1]) if targets else 0
    before = np.pad(before, ((0, room), (margin, margin)), constant_values=dark)
    shown = CutFilm(
        before, before, np.zeros(before.shape, bool), mm, factor, film.aspect, margin
    )
    after = before.copy()
    moving = np.zeros(before.shape, bool)
    # Distal cuts first: a femur then carries its already moved tibia along.
    for segment in sorted(targets, key=lambda s: s.bone == "femur"):
        after, moving = _move_below(
            after,
            moving,
            _Cut(measured, targets[segment], shown),
            poses[segment],
            dark,
        )
    return replace(shown, after=after, moved=moving)


def _small(pixels: Picture, factor: float, aspect: float) -> Picture:
    """Shrink to square pixels."""
    if factor == aspect == 1.0:
        return pixels.copy()
    smooth = ndimage.uniform_filter(pixels, int(np.ceil(factor)))
    scales = (aspect / factor, 1 / factor)
    return np.asarray(
        ndimage.zoom(smooth, scales, order=1, grid_mode=True, mode="nearest"),
        dtype=np.float32,
    )


def _mm_per_column(measured: MeasuredFilm) -> float:
    """Size of a film column where the legs are, mean of both legs [mm]."""
    sizes = []
    for side, limb in measured.limbs.items():
        top, bottom = (
            np.array(measured.landmarks.sides[side][name]) * [1, measured.film.aspect]
            for name in ("hip_centre", "ankle_centre")
        )
        length = np.linalg.norm(limb["ankle_centre"][0] - limb["hip_centre"][0])
        sizes.append(length / np.linalg.norm(bottom - top))
    return float(np.mean(sizes))


def _dark(picture: Picture) -> float:
    """Grey of the film beside the body: what a gap and new margins are filled with."""
    edge = max(1, int(EDGE_SHARE * picture.shape[1]))
    return float(np.median(np.c_[picture[:, :edge], picture[:, -edge:]]))


class _Cut:
    """Where a cut lies in the small picture, and which pixels it parts."""

    def __init__(self, measured: MeasuredFilm, target: Target, shown: CutFilm) -> None:
        self.side = target.segment.side
        points = measured.landmarks.sides[self.side]
        top, bottom = (shown.placed(points[name]) for name in ENDS[target.segment.bone])
        self.down = (bottom - top) / np.linalg.norm(bottom - top)
        # The bone is its own ruler: a gain looks as long beside it as it will be.
        self.mm = target.bone_length_mm / float(np.linalg.norm(bottom - top))
        share = target.cut.level_mm / target.bone_length_mm
        self.centre = top + share * (bottom - top)
        self.middle = _middle_line(measured, shown)

    def below(self, shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
        """Pixels of this leg that lie below the cut."""
        rows, columns = np.indices(shape)
        beyond = (columns + 0.5 - self.centre[0]) * self.down[0] + (
            rows + 0.5 - self.centre[1]
        ) * self.down[1]
        left = columns + 0.5 < self.middle
        own = left if self.side is Side.RIGHT else ~left
        return np.asarray((beyond > 0) & own)


def _middle_line(measured: MeasuredFilm, shown: CutFilm) -> float:
    """Column between the legs; the film's edge where there is one leg."""
    legs = measured.landmarks.sides
    if len(legs) == 1:
        return np.inf if Side.RIGHT in legs else -np.inf
    low = [shown.placed(legs[s][f"{j}_centre"])[0] for s in legs for j in _LOW]
    return float(sum(low) / len(low))


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
