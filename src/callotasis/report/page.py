"""Pictures with their words, and the HTML page that holds everything in one file."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import jinja2
from matplotlib.figure import Figure

from callotasis.report.style import font_folder
from callotasis.report.typeset import template

SHAPES = {"note": "●", "caution": "▲", "stop": "⬣"}
FILM_DPI, CHART_DPI = 200, 160


@dataclass(frozen=True)
class Picture:
    """One picture of a page.

    Attributes
    ----------
    name : str
        Of its file, without ending.
    data : bytes
        As a file.
    kind : str
        ``png`` or ``jpeg``.
    alt, caption : str
        What it shows, for who cannot see it and for who can.
    """

    name: str
    data: bytes
    kind: str
    alt: str
    caption: str

    @property
    def file(self) -> str:
        """Name of its file."""
        return f"{self.name}.{'jpg' if self.kind == 'jpeg' else 'png'}"


def picture_of(name: str, figure: Figure, kind: str, alt: str, caption: str) -> Picture:
    """Save a figure as a picture.

    Parameters
    ----------
    name : str
        Of its file, without ending.
    figure : Figure
        As it was drawn.
    kind : str
        ``png`` for charts, ``jpeg`` for films.
    alt, caption : str
        What it shows.

    Returns
    -------
    Picture
        A film is finer than a chart.

    References
    ----------
    .. [1] House look.
    """
    out = io.BytesIO()
    dpi = FILM_DPI if kind == "jpeg" else CHART_DPI
    figure.savefig(out, format=kind, dpi=dpi)
    return Picture(name, out.getvalue(), kind, alt, caption)


def html_page(
    name: str,
    content: Mapping[str, object],
    pictures: Sequence[Picture],
    **more: object,
) -> str:
    """Fill a template of the package; pictures and fonts are inside the page.

    Parameters
    ----------
    name : str
        Of the template.
    content : dict of str to object
        What it says; text is escaped.
    pictures : sequence of Picture
        What it shows.
    **more : object
        Further names of the template.

    Returns
    -------
    str
        One file that needs no other.

    References
    ----------
    .. [1] House look.
    """
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(template),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )
    fonts = [
        (weight, _base64((font_folder() / f"IBMPlexSans-{face}.ttf").read_bytes()))
        for weight, face in ((400, "Regular"), (600, "SemiBold"))
    ]
    shown = {
        p.name: {
            "kind": p.kind,
            "data": _base64(p.data),
            "alt": p.alt,
            "caption": p.caption,
        }
        for p in pictures
    }
    page = environment.get_template(name)
    return page.render(c=content, pictures=shown, fonts=fonts, shapes=SHAPES, **more)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
