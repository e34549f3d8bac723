"""Draw the demonstration's femur on three days, for the documentation."""

from __future__ import annotations

import tempfile
from pathlib import Path

from callotasis.courses import look_at
from callotasis.demo import demonstrate
from callotasis.demo_year import FEMUR, SHORT_DAY
from callotasis.followup import forecast
from callotasis.report.course_charts import course_chart

IMAGES = Path(__file__).parent / "images"


def main() -> None:
    """Live through the demonstration's year and draw the day of the stall."""
    with tempfile.TemporaryDirectory() as scratch:
        lived = demonstrate(Path(scratch) / "demo", lambda _: None).year.folder
        course = look_at(lived, SHORT_DAY).courses[FEMUR]
        figure = course_chart(course, forecast(course.way, course.films))
    figure.savefig(IMAGES / "course.png", dpi=110)


if __name__ == "__main__":
    main()
