"""The follow-up report: how each bone stands, on a page and on paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from callotasis.followup import (
    BoneCourse,
    Followed,
    Standing,
)
from callotasis.followup.stretch import outlooks_of
from callotasis.pose import Segment
from callotasis.report.course_charts import (
    Said,
    course_chart,
    healing_chart,
)
from callotasis.report.files import Rendered
from callotasis.report.follow_up_words import FollowUp, words_of_standing
from callotasis.report.motion_charts import ranges_chart, walking_chart
from callotasis.report.page import Picture, html_page, picture_of
from callotasis.report.soft_tissue_chart import soft_tissue_chart, soft_tissue_words
from callotasis.report.typeset import check_paper, typeset
from callotasis.softtissue import MODEL_SAYS


@dataclass(frozen=True, eq=False)
class FollowUpOrder:
    """What a follow-up report is made of.

    Attributes
    ----------
    case : str
        Name of the case.
    standing : Standing
        How it stands.
    courses : dict of Segment to BoneCourse
        What is known of each bone.
    said : dict of Segment to Said
        Forecasts as they stood on earlier days.
    synthetic : bool
        Whether the case is invented.
    paper : str
        ``a4`` or ``us-letter``.
    """

    case: str
    standing: Standing
    courses: Mapping[Segment, BoneCourse]
    said: Mapping[Segment, Said]
    synthetic: bool = False
    paper: str = "a4"


def follow_up_report(order: FollowUpOrder) -> Rendered:
    """Work out every file of a follow-up report.

    Parameters
    ----------
    order : FollowUpOrder
        The case on one day.

    Returns
    -------
    Rendered
        ``follow-up.html``, ``follow-up.pdf`` and one picture a chart.

    Raises
    ------
    PlanRefusal
        If the paper is unknown.

    References
    ----------
    .. [1] The evidence rows in its last table.
    """
    check_paper(order.paper)
    content = words_of_standing(order.case, order.standing, synthetic=order.synthetic)
    pictures = _pictures(order)
    files = {picture.file: picture.data for picture in pictures}
    page = html_page("follow_up.html.jinja", asdict(content), pictures)
    files["follow-up.html"] = page.encode()
    files["follow-up.pdf"] = _pdf(content, pictures, order)
    return Rendered(files)


def _pictures(order: FollowUpOrder) -> list[Picture]:
    pictures = [
        picture
        for bone, course in order.courses.items()
        if course.turning.schedule  # what is not drawn out has no course
        for picture in _of_bone(
            bone, course, order.standing.segments[bone], order.said.get(bone, ())
        )
    ]
    walking = walking_chart(order.standing.walks)
    if walking is not None:
        pictures.append(
            picture_of(
                "walking",
                walking,
                "png",
                "How uneven left and right stand on the ground, walk by walk.",
                "Difference of the time that each foot stands, of their mean, with "
                "95 %; dashed: means of one published series.",
            )
        )
    return pictures


def _of_bone(
    bone: Segment, course: BoneCourse, followed: Followed, said: Said
) -> Iterable[Picture]:
    yield picture_of(
        f"course-{bone}",
        course_chart(course, followed.forecast),
        "png",
        f"Length of the {bone.words} over the days: prescribed, turned, on film.",
        f"{bone.words.capitalize()}. Grey line: prescribed. Blue steps: turned. Dots: "
        "gained on film, with 95 %. Green bar: when it will be solid, 90 and 50 %.",
    )
    ranges = ranges_chart(course)
    if ranges is not None:
        yield picture_of(
            f"ranges-{bone}",
            ranges,
            "png",
            f"Joint ranges on the side of the {bone.words} over the days.",
            "Joint ranges as measured; dashed: caution, solid: stop. Blue: while the "
            "bone is drawn out. Grey bars: what a published series says of a day, laid "
            "on this knee; rough.",
        )
    stretch = _stretch_picture(bone, course)
    if stretch is not None:
        yield stretch
    healing = healing_chart(course, said)
    if healing is not None:
        yield picture_of(
            f"healing-{bone}",
            healing,
            "png",
            f"New bone of the {bone.words}, and its forecast as it narrowed.",
            "Left: pixel value ratio of each cortex on film. Right: the day on which "
            "the bone will be solid as it was forecast day by day, 90 and 50 %.",
        )


def _stretch_picture(bone: Segment, course: BoneCourse) -> Picture | None:
    """What muscles have not grown at each exam, and what three rates lead to."""
    ahead = outlooks_of(course)
    shown = {
        group: tuple(zip(lag.days, lag.stretch_mm, strict=True))
        for group, lag in course.lags.items()
    }
    shown = {group: exams for group, exams in shown.items() if ahead.get(group)}
    if not shown:
        return None
    return picture_of(
        f"stretch-{bone}",
        soft_tissue_chart(shown, ahead),
        "png",
        soft_tissue_words(shown, ahead),
        "Stretch that muscles have not yet grown, and what it comes to at three rates; "
        f"{MODEL_SAYS}. Dots: each exam by itself, with what surgery cost.",
    )


def _pdf(content: FollowUp, pictures: Sequence[Picture], order: FollowUpOrder) -> bytes:
    shown = [
        {"file": p.file, "alt": p.alt, "caption": p.caption, "name": p.name}
        for p in pictures
    ]
    on: date = order.standing.on
    return typeset(
        "follow_up.typ",
        {"content": asdict(content), "pictures": shown},
        {p.file: p.data for p in pictures},
        on,
        order.paper,
    )
