"""What a film is: pixels, spacing, orientation, and the beam that made it."""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pydicom
from pydicom.multival import MultiValue
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from callotasis.errors import FilmRefusal
from callotasis.findings import Finding, Level
from callotasis.pose import Side
from callotasis.radiograph.codestream import check_inflated, codestream_shape
from callotasis.radiograph.header import (
    DAMAGED,
    cause_of,
    element_of,
    first_line,
    numbers_of,
    positive_of,
    shown,
    text_of,
)
from callotasis.radiograph.picture import check_shape, grey_pixels
from callotasis.radiograph.processing import Processing, processing_of

MAX_FILE_BYTES = 512 * 2**20
BITS_ALLOCATED = (8, 16, 32)
LATERAL_VIEWS = ("LL", "RL", "LLD", "RLD", "LATERAL", "ML", "LM")
MODALITIES = ("DX", "CR", "OT", "RG", "XC")
READ = (
    *("PixelData", "FloatPixelData", "DoubleFloatPixelData", "PixelPaddingValue"),
    *("Rows", "Columns", "NumberOfFrames", "SamplesPerPixel", "PlanarConfiguration"),
    *("BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation"),
    *("PhotometricInterpretation", "RescaleSlope", "PixelIntensityRelationship"),
    *("ExtendedOffsetTable", "ExtendedOffsetTableLengths"),
    *("ImagerPixelSpacing", "PixelSpacing", "DistanceSourceToDetector"),
    *("Modality", "ViewPosition", "PatientOrientation", "ImageLaterality"),
    *("ImageComments", "DerivationDescription", "PresentationIntentType"),
    "ModalityLUTSequence",
    *("LossyImageCompression",),
    *("SpecificCharacterSet", "SOPClassUID"),
)
"""Elements that are read; millions of others would fill the memory."""
UNCOMPRESSED = (
    ImplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    DeflatedExplicitVRLittleEndian,
)


@dataclass(frozen=True, eq=False)
class Film:
    """A standing film as it was read.

    Attributes
    ----------
    pixels : array
        Shape (rows, columns), float32 from 0 (air) to 1; bone is bright.
    spacing_mm : tuple of float or None
        (column, row) pitch at the detector [mm]; None if the file has none.
    source_mm : float or None
        Source to detector distance [mm].
    logarithmic : bool
        Whether pixel values follow the logarithm of the exposure.
    columns_to_left : bool or None
        Whether columns run to the patient's left; None if the file does not say.
    sha256 : str
        Of the file.
    kind : str
        ``DICOM DX`` and the like, ``PNG`` or ``JPEG``.
    laterality : str
        ``R`` or ``L`` where the file says that it shows one side only.
    lateral : bool
        Whether the file says that it shows a leg from the side.
    synthetic : bool
        Whether the film says that it was computed.
    findings : tuple of Finding
        What was odd about the file.
    processing : Processing or None
        What its pixels stand for; None for a PNG or JPEG.
    """

    pixels: npt.NDArray[np.float32]
    spacing_mm: tuple[float, float] | None
    source_mm: float | None
    logarithmic: bool
    columns_to_left: bool | None
    sha256: str
    kind: str
    laterality: str = ""
    lateral: bool = False
    synthetic: bool = False
    findings: tuple[Finding, ...] = ()
    processing: Processing | None = None

    def contradicts(self, side: Side) -> bool:
        """Tell whether the file says that it shows the other side only."""
        return self.laterality in set(Side) and self.laterality != side

    @property
    def aspect(self) -> float:
        """Row pitch divided by column pitch; 1 where nobody knows [1]."""
        return self.spacing_mm[1] / self.spacing_mm[0] if self.spacing_mm else 1.0

    @property
    def columns(self) -> int:
        """Width [px]."""
        return int(self.pixels.shape[1])

    @property
    def rows(self) -> int:
        """Height [px]."""
        return int(self.pixels.shape[0])


def read_film(path: Path) -> Film:
    """Read a standing film from DICOM (DX, CR, SC), PNG or JPEG.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    Film
        With bone bright, whatever the photometric interpretation.

    Raises
    ------
    FilmRefusal
        If the file is too large, damaged, without pixels, in colour, or no film.

    References
    ----------
    .. [1] DICOM PS3.3, C.7.6.3 (image pixel), C.8.11.3 (DX image), 10.7 (spacing).
    """
    data = _bytes_of(path)
    digest = hashlib.sha256(data).hexdigest()
    if data[128:132] == b"DICM":
        check_inflated(data, path.name, MAX_FILE_BYTES)
        return _from_dicom(data, path.name, digest)
    return _from_picture(data, path.name, digest)


def _bytes_of(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            raise FilmRefusal(
                f"{path.name} has {size} bytes; allowed are {MAX_FILE_BYTES}"
            )
        if not path.is_file():
            raise FilmRefusal(f"{path.name} is no file")
        return path.read_bytes()
    except OSError as error:
        raise FilmRefusal(f"{path.name} cannot be read: {error.strerror}") from None


def _from_picture(data: bytes, name: str, digest: str) -> Film:
    pixels, kind = grey_pixels(data, name)
    return Film(
        pixels=_unit_range(pixels, name)[0],
        spacing_mm=None,
        source_mm=None,
        logarithmic=True,
        columns_to_left=None,
        sha256=digest,
        kind=kind,
        findings=(_NO_SPACING,),
    )


_NO_SPACING = Finding(
    Level.NOTE,
    "film.no_spacing",
    "The file says nothing about the size of its pixels.",
    "Give the diameter of a ball on the film, or measure angles only.",
)


def _from_dicom(data: bytes, name: str, digest: str) -> Film:
    with warnings.catch_warnings():
        # pydicom warns on odd values; what matters here is checked below.
        warnings.simplefilter("ignore")
        stream = BytesIO(data)
        try:
            header = pydicom.dcmread(stream, specific_tags=[*READ])
        except (*DAMAGED, MemoryError) as error:
            raise FilmRefusal(
                f"{name} is damaged at byte {stream.tell()}: {first_line(error)}"
            ) from None
        _check_film(header, name)
        pixels, lowest, highest = _pixels(header, name)
        return Film(
            pixels=pixels,
            spacing_mm=_spacing(header, name),
            source_mm=positive_of(header, "DistanceSourceToDetector", name),
            logarithmic=text_of(header, "PixelIntensityRelationship") != "LIN",
            columns_to_left=_columns_to_left(header),
            lateral=_is_lateral(header, name),
            laterality=text_of(header, "ImageLaterality"),
            sha256=digest,
            kind=f"DICOM {text_of(header, 'Modality')}",
            synthetic="SYNTHETIC" in text_of(header, "ImageComments").upper()
            or "SYNTHETIC" in text_of(header, "DerivationDescription").upper(),
            findings=_spacing_findings(header, name),
            processing=processing_of(header, name, lowest, highest),
        )


def _check_film(header: pydicom.Dataset, name: str) -> None:
    """Refuse what is no single grey film before any pixel is decoded."""
    if "PixelData" not in header:
        raise FilmRefusal(f"{name} has no pixels (no PixelData element)")
    modality = text_of(header, "Modality")
    if modality not in MODALITIES:
        raise FilmRefusal(
            f"{name}: Modality is {shown(modality)}; allowed are "
            f"{', '.join(MODALITIES)}"
        )
    samples = numbers_of(header, "SamplesPerPixel", name)
    photometric = text_of(header, "PhotometricInterpretation")
    if samples != [1.0] or photometric not in {"MONOCHROME1", "MONOCHROME2"}:
        raise FilmRefusal(
            f"{name}: PhotometricInterpretation is {shown(photometric)}, "
            f"SamplesPerPixel is {shown(samples)}; a radiograph is MONOCHROME1 or "
            "MONOCHROME2 with 1 sample"
        )
    if (numbers_of(header, "NumberOfFrames", name) or [1.0]) != [1.0]:
        raise FilmRefusal(
            f"{name}: NumberOfFrames is not 1: several frames; a film has one"
        )
    shape = [numbers_of(header, k, name) for k in ("Rows", "Columns")]
    if not all(shape):
        raise FilmRefusal(f"{name}: Rows or Columns is missing")
    rows, columns = (int(s[0]) for s in shape)
    check_shape(name, rows, columns, "Rows and Columns")
    allocated = numbers_of(header, "BitsAllocated", name)
    if not allocated or allocated[0] not in BITS_ALLOCATED:
        raise FilmRefusal(
            f"{name}: BitsAllocated is {shown(allocated)}; allowed are 8, 16 and 32"
        )
    _check_codestream(header, name, rows, columns)


def _check_codestream(
    header: pydicom.Dataset, name: str, rows: int, columns: int
) -> None:
    """Refuse a compressed picture that claims another size than its header.

    A damaged size inside the compressed picture would make the decoder ask for
    any amount of memory.
    """
    stored = element_of(header, "PixelData")
    if not isinstance(stored, bytes):
        raise FilmRefusal(f"{name}: PixelData cannot be read")
    if header.file_meta.get("TransferSyntaxUID") in UNCOMPRESSED:
        return
    found = codestream_shape(stored)
    if found is not None and found != (rows, columns):
        raise FilmRefusal(
            f"{name}: the compressed picture has {found[0]} × {found[1]} pixels, "
            f"Rows and Columns say {rows} × {columns}"
        )


def _pixels(
    header: pydicom.Dataset, name: str
) -> tuple[npt.NDArray[np.float32], float, float]:
    """Pixels from 0 to 1, and the stored values that became 0 and 1."""
    try:
        stored = header.pixel_array
    except (*DAMAGED, MemoryError) as error:
        raise FilmRefusal(
            f"{name}: pixels are damaged (PixelData): {cause_of(error)}"
        ) from None
    if stored.ndim != 2:  # noqa: PLR2004 - rows and columns
        raise FilmRefusal(
            f"{name}: pixels (PixelData) have shape {stored.shape}; a film has two"
        )
    slope = (numbers_of(header, "RescaleSlope", name) or [1.0])[0]
    inverted = text_of(header, "PhotometricInterpretation") == "MONOCHROME1"
    # A negative slope turns the grey scale round, like MONOCHROME1 does.
    sign = -1.0 if inverted != (slope < 0) else 1.0
    turned = np.multiply(stored, np.float32(sign), dtype=np.float32)
    return _unit_range(turned, name)


def _unit_range(
    pixels: npt.NDArray[np.float32], name: str
) -> tuple[npt.NDArray[np.float32], float, float]:
    """Pixels from 0 to 1, and the values that became 0 and 1."""
    low, high = float(pixels.min()), float(pixels.max())
    if not np.isfinite([low, high]).all() or low == high:
        raise FilmRefusal(f"{name} is blank: every pixel has the value {low:g}")
    scaled = pixels - np.float32(low)
    scaled *= np.float32(1 / (high - low))
    return scaled, low, high


def _spacing(header: pydicom.Dataset, name: str) -> tuple[float, float] | None:
    """Column and row pitch at the detector; DICOM stores the row pitch first."""
    detector = numbers_of(header, "ImagerPixelSpacing", name)
    numbers = detector or numbers_of(header, "PixelSpacing", name)
    said = "ImagerPixelSpacing: pixel" if detector else "PixelSpacing: pixel"
    if not numbers:
        return None
    if len(numbers) != 2 or not all(0.01 <= n <= 2 for n in numbers):  # noqa: PLR2004
        raise FilmRefusal(
            f"{name}: {said} spacing is {shown(numbers)}; allowed are two values "
            "from 0.01 to 2 mm"
        )
    return numbers[1], numbers[0]


def _spacing_findings(header: pydicom.Dataset, name: str) -> tuple[Finding, ...]:
    detector = numbers_of(header, "ImagerPixelSpacing", name)
    calibrated = numbers_of(header, "PixelSpacing", name)
    if not detector and not calibrated:
        return (_NO_SPACING,)
    if not detector:
        return (
            Finding(
                Level.CAUTION,
                "film.spacing_origin",
                "The file gives PixelSpacing alone; it may be a size in the patient "
                "or on the detector.",
                "It is read as the detector's; check it with a ball.",
            ),
        )
    if calibrated and calibrated != detector:
        return (
            Finding(
                Level.NOTE,
                "film.already_calibrated",
                f"PixelSpacing {calibrated} differs from ImagerPixelSpacing "
                f"{detector}: somebody calibrated this film before.",
                "The detector's spacing is used; the ball on the film decides.",
            ),
        )
    return ()


def _columns_to_left(header: pydicom.Dataset) -> bool | None:
    return {"L": True, "R": False}.get(_runs(header)[0])


def _is_lateral(header: pydicom.Dataset, name: str) -> bool:
    """Whether the file says that the beam came from the side."""
    along, down = _runs(header)
    if down == "H":
        raise FilmRefusal(
            f"{name}: PatientOrientation is {along}\\{down}; a film is read from head "
            "to foot (F): turn it round first"
        )
    return text_of(header, "ViewPosition") in LATERAL_VIEWS or along in {"A", "P"}


def _runs(header: pydicom.Dataset) -> tuple[str, str]:
    """Where columns and rows run to, as first letters; empty where unknown."""
    orientation = element_of(header, "PatientOrientation")
    if not isinstance(orientation, MultiValue) or len(orientation) < 2:  # noqa: PLR2004
        return "", ""
    along, down = (str(value)[:1] for value in orientation[:2])
    return along, down
