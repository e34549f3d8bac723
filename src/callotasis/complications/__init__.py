"""What went wrong: one entry an event, graded from its facts, counted per 100."""

from callotasis.complications.deep_infection import (
    Culture,
    Decision,
    DeepInfection,
    deep_infection_findings,
)
from callotasis.complications.ended import EndOfTreatment, end_of_treatment, ended_on
from callotasis.complications.event import (
    Complication,
    Event,
    Fault,
    Goal,
    Origin,
    Threat,
    Treatment,
    What,
    When,
    complication_of,
    events_of,
)
from callotasis.complications.gradings import Grade, Graded, How, graded
from callotasis.complications.pin_site import PinCall, PinSign, PinSite, pin_call
from callotasis.complications.rates import (
    PublishedRate,
    events_per_100,
    published_rates,
    share_percent,
)
from callotasis.complications.register import Line, Register, Treated, register
from callotasis.complications.stated import (
    Black,
    DeviceClass,
    Lascombes,
    Paley,
    Scale,
    Sink,
    Stated,
    scales,
)

__all__ = [
    "Black",
    "Complication",
    "Culture",
    "Decision",
    "DeepInfection",
    "DeviceClass",
    "EndOfTreatment",
    "Event",
    "Fault",
    "Goal",
    "Grade",
    "Graded",
    "How",
    "Lascombes",
    "Line",
    "Origin",
    "Paley",
    "PinCall",
    "PinSign",
    "PinSite",
    "PublishedRate",
    "Register",
    "Scale",
    "Sink",
    "Stated",
    "Threat",
    "Treated",
    "Treatment",
    "What",
    "When",
    "complication_of",
    "deep_infection_findings",
    "end_of_treatment",
    "ended_on",
    "events_of",
    "events_per_100",
    "graded",
    "pin_call",
    "published_rates",
    "register",
    "scales",
    "share_percent",
]
