"""Draw a synthetic calf: stretch at each exam, and what three rates lead to."""

from __future__ import annotations

from pathlib import Path

from callotasis.pose import Bone
from callotasis.report.soft_tissue_chart import soft_tissue_chart
from callotasis.softtissue import Cut, Exam, Ranges, fit_lag, outlook, turned_between

TARGET = Path(__file__).parent / "images/soft-tissue.png"
CUT = Cut(Bone.TIBIA, 110.0, 370.0)
BEFORE = Ranges(dorsiflexion_knee_straight_deg=10.0, dorsiflexion_knee_bent_deg=20.0)
TURNED = turned_between({7: 0.0, 35: 28.0})
LEFT_MM = 22.0
READ = (
    (5, 9.0, 20.0),
    (14, 5.0, 17.0),
    (21, 2.0, 14.0),
    (28, 0.0, 13.0),
    (35, -2.0, 12.0),
)


def main() -> None:
    """Write the picture."""
    exams = [
        Exam(
            day,
            Ranges(
                dorsiflexion_knee_straight_deg=straight, dorsiflexion_knee_bent_deg=bent
            ),
        )
        for day, straight, bent in READ
    ]
    lags = fit_lag(CUT, BEFORE, exams, TURNED)
    measured = {
        group: list(zip(lag.days, lag.stretch_mm, strict=True))
        for group, lag in lags.items()
    }
    ahead = outlook(CUT, BEFORE, exams, TURNED, remaining_mm=LEFT_MM)
    soft_tissue_chart(measured, ahead).savefig(TARGET, dpi=150)


if __name__ == "__main__":
    main()
