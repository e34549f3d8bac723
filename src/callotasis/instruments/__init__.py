"""Questionnaires: asked on a schedule, added up, and who speaks with the patient."""

from callotasis.instruments.answers import (
    Answers,
    Given,
    answers_of,
    check_answers,
    given_of,
)
from callotasis.instruments.contacts import Contact, Within, contact_rules, contacts
from callotasis.instruments.instrument import (
    Band,
    Better,
    Instrument,
    Licensed,
    catalogue,
    licensed,
)
from callotasis.instruments.schedule import Due, due
from callotasis.instruments.scoring import Present, Score, present, score
from callotasis.instruments.texts import (
    ItemText,
    Pack,
    as_asked,
    instrument_of,
    item_text,
    pack_from,
)

__all__ = [
    "Answers",
    "Band",
    "Better",
    "Contact",
    "Due",
    "Given",
    "Instrument",
    "ItemText",
    "Licensed",
    "Pack",
    "Present",
    "Score",
    "Within",
    "answers_of",
    "as_asked",
    "catalogue",
    "check_answers",
    "contact_rules",
    "contacts",
    "due",
    "given_of",
    "instrument_of",
    "item_text",
    "licensed",
    "pack_from",
    "present",
    "score",
]
