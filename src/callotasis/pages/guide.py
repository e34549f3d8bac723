"""What the landmark page asks for, in which order, and what each number is called."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from callotasis.alignment import LATERAL_QUANTITIES
from callotasis.alignment.frontal import EXTRAS, QUANTITIES
from callotasis.evidence import constant
from callotasis.radiograph.landmarks import LATERAL, View, names_on, required_on
from callotasis.radiograph.refine import refinable

FRONTAL_ORDER = (
    "hip_centre", "troch_tip", "fem_shaft_prox", "fem_shaft_dist",
    "fem_condyle_lat", "fem_condyle_med", "knee_centre",
    "tib_plateau_lat", "tib_plateau_med", "tib_shaft_prox", "tib_shaft_dist",
    "plafond_lat", "plafond_med", "ankle_centre",
)  # fmt: skip
"""From head to foot, as a reader goes; what else a film can carry follows."""


@cache
def words() -> dict[str, dict[str, str]]:
    """Title, instruction and group of every landmark."""
    path = files("callotasis.pages").joinpath("guide.toml")
    return tomllib.loads(path.read_text("utf-8"))


def guide_for(view: View) -> list[dict[str, Any]]:
    """Every landmark of a view in guided order, with its words.

    Parameters
    ----------
    view : View
        Frontal, or lateral of one bone.

    Returns
    -------
    list of dict
        Name, title, instruction, group, and whether the picture can refine it.
    """
    first = () if view in LATERAL else FRONTAL_ORDER
    names = (*first, *(n for n in names_on(view) if n not in first))
    needed = required_on(view)
    return [
        {
            "name": name,
            **words()[name],
            **({"group": "essential"} if name in needed else {}),
            "refines": view is View.FRONTAL and name in refinable(),
        }
        for name in names
    ]


def quantities_of(view: View) -> list[dict[str, Any]]:
    """Every number of a view: its name, words, unit and normal range.

    Parameters
    ----------
    view : View
        Frontal, or lateral of one bone.

    Returns
    -------
    list of dict
        In the order in which a measurement is printed.
    """
    frontal = (*QUANTITIES, *EXTRAS)
    found = []
    for quantity in LATERAL_QUANTITIES[view] if view in LATERAL else frontal:
        row = constant(quantity.normal) if quantity.normal else None
        found.append(
            {
                "name": quantity.name,
                "words": quantity.words,
                "unit": "°" if quantity.name.endswith("_deg") else "mm",
                "normal": None if row is None else [row.low, row.high],
                "evidence": quantity.normal,
            }
        )
    return found
