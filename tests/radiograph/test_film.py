"""Films: what is read, what is refused, and that damage never does more."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.dataset import FileDataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from callotasis.errors import FilmRefusal
from callotasis.findings import Level
from callotasis.radiograph import film as film_module
from callotasis.radiograph.film import Film, read_film
from darkroom import (
    TIMES_TABLE,
    as_bytes,
    codestream,
    compressed,
    dicom,
    picture,
    png_that_claims,
    with_stream,
)

Develop = Callable[[FileDataset | bytes], Film]

AS_SEEN = (TIMES_TABLE / TIMES_TABLE.max()).astype(np.float32)
GREY = (TIMES_TABLE >> 4).astype(np.uint8)
PHOTOGRAPH = np.stack([GREY, GREY[::-1], GREY.T[::-1]], axis=2)
GREY_IN_COLOUR = np.stack([GREY] * 3, axis=2)


# What is read.


@pytest.mark.parametrize("bits", [8, 10, 12, 16])
def test_a_film_of_any_depth_is_read_from_0_to_1(develop: Develop, bits: int) -> None:
    pixels = np.round(AS_SEEN * (2**bits - 1))
    film = develop(dicom(pixels, bits))
    np.testing.assert_allclose(film.pixels, AS_SEEN, atol=2 / 2**bits)
    assert film.pixels.dtype == np.float32
    assert (film.pixels.min(), film.pixels.max()) == (0, 1)


@pytest.mark.parametrize("bits", [8, 10, 12, 16])
def test_both_monochrome_interpretations_give_the_same_picture(
    develop: Develop, bits: int
) -> None:
    pixels = np.round(AS_SEEN * (2**bits - 1))
    white_is_high = develop(dicom(pixels, bits))
    white_is_low = develop(
        dicom(2**bits - 1 - pixels, bits, PhotometricInterpretation="MONOCHROME1")
    )
    np.testing.assert_array_equal(white_is_low.pixels, white_is_high.pixels)


@pytest.mark.parametrize(
    ("photometric", "slope", "turned"),
    [
        ("MONOCHROME2", 0.25, False),
        ("MONOCHROME2", -1.0, True),
        ("MONOCHROME1", 2.0, True),
        ("MONOCHROME1", -0.5, False),
    ],
)
def test_a_negative_slope_turns_the_greys_round_like_monochrome1(
    develop: Develop, photometric: str, slope: float, turned: bool
) -> None:
    film = develop(
        dicom(
            PhotometricInterpretation=photometric,
            RescaleSlope=slope,
            RescaleIntercept=-1000.0,
        )
    )
    expected = 1 - AS_SEEN if turned else AS_SEEN
    np.testing.assert_allclose(film.pixels, expected, atol=1e-6)


def test_signed_pixels_are_read_as_signed(develop: Develop) -> None:
    pixels = TIMES_TABLE.astype(np.int16) - 2000
    film = develop(dicom(pixels, bits=16, PixelRepresentation=1))
    np.testing.assert_allclose(film.pixels, AS_SEEN, atol=1e-6)


@pytest.mark.parametrize(
    "syntax",
    [RLELossless, JPEG2000Lossless, JPEGLosslessSV1, JPEGLSLossless],
    ids=lambda syntax: syntax.keyword,
)
def test_a_compressed_film_gives_the_same_picture(
    develop: Develop, syntax: Any
) -> None:
    film = develop(compressed(syntax))
    np.testing.assert_array_equal(film.pixels, develop(dicom()).pixels)
    assert film.spacing_mm == (0.2, 0.2)


@pytest.mark.parametrize(
    "syntax",
    [ImplicitVRLittleEndian, DeflatedExplicitVRLittleEndian],
    ids=lambda syntax: syntax.keyword,
)
def test_a_film_written_another_way_gives_the_same_picture(
    develop: Develop, syntax: Any
) -> None:
    header = dicom()
    header.file_meta.TransferSyntaxUID = syntax
    np.testing.assert_array_equal(develop(header).pixels, develop(dicom()).pixels)


def test_the_film_says_what_made_it(develop: Develop, tmp_path: Path) -> None:
    film = develop(
        dicom(
            DistanceSourceToDetector=2600,
            PixelIntensityRelationship="LIN",
            ImageComments="Synthetic film, no patient",
        )
    )
    assert (film.rows, film.columns) == (64, 64)
    assert film.source_mm == 2600
    assert film.logarithmic is False
    assert film.synthetic is True
    assert film.kind == "DICOM DX"
    written = (tmp_path / "film").read_bytes()
    assert film.sha256 == hashlib.sha256(written).hexdigest()


def test_a_film_that_says_little_is_taken_as_logarithmic_and_real(
    develop: Develop,
) -> None:
    film = develop(dicom(PixelIntensityRelationship=None, PatientOrientation=None))
    assert film.logarithmic is True
    assert film.synthetic is False
    assert film.source_mm is None
    assert film.columns_to_left is None


@pytest.mark.parametrize(
    ("orientation", "to_left"), [(["L", "F"], True), (["R", "F"], False)]
)
def test_the_film_says_to_which_side_its_columns_run(
    develop: Develop, orientation: list[str], to_left: bool
) -> None:
    film = develop(dicom(PatientOrientation=orientation))
    assert film.columns_to_left is to_left


def test_the_sample_film_is_read_in_spite_of_its_faults(sample_film: Film) -> None:
    assert (sample_film.rows, sample_film.columns) == (5325, 2150)
    assert sample_film.spacing_mm == (0.2, 0.2)
    assert sample_film.source_mm == 2600
    assert sample_film.columns_to_left is True
    assert sample_film.findings == ()


# The size of a pixel.


def test_the_spacing_of_the_detector_wins_over_a_calibrated_one(
    develop: Develop,
) -> None:
    film = develop(dicom(ImagerPixelSpacing=[0.2, 0.2], PixelSpacing=[0.19, 0.19]))
    assert film.spacing_mm == (0.2, 0.2)
    assert [f.key for f in film.findings] == ["film.already_calibrated"]


def test_a_calibrated_spacing_that_agrees_is_nothing_to_speak_of(
    develop: Develop,
) -> None:
    film = develop(dicom(ImagerPixelSpacing=[0.2, 0.2], PixelSpacing=[0.2, 0.2]))
    assert film.findings == ()


def test_a_spacing_of_unknown_origin_is_a_caution(develop: Develop) -> None:
    film = develop(dicom(ImagerPixelSpacing=None, PixelSpacing=[0.2, 0.2]))
    assert film.spacing_mm == (0.2, 0.2)
    assert [(f.level, f.key) for f in film.findings] == [
        (Level.CAUTION, "film.spacing_origin")
    ]


def test_dicom_gives_the_row_pitch_first_and_a_film_the_column_pitch(
    develop: Develop,
) -> None:
    film = develop(dicom(ImagerPixelSpacing=[0.3, 0.2]))
    assert film.spacing_mm == (0.2, 0.3)


def test_a_film_without_spacing_says_so(develop: Develop) -> None:
    film = develop(dicom(ImagerPixelSpacing=None))
    assert film.spacing_mm is None
    assert [f.key for f in film.findings] == ["film.no_spacing"]


@pytest.mark.parametrize(
    "spacing",
    [[0, 0], [0.2, 0], [-0.2, -0.2], [5, 5], [0.001, 0.2], [0.2], [0.2, 0.2, 0.2]],
    ids=str,
)
@pytest.mark.parametrize("keyword", ["ImagerPixelSpacing", "PixelSpacing"])
def test_a_spacing_that_no_detector_has_is_refused(
    develop: Develop, keyword: str, spacing: list[float]
) -> None:
    header = dicom(**{"ImagerPixelSpacing": None, keyword: spacing})
    with pytest.raises(FilmRefusal, match=r"spacing is .* allowed are two values"):
        develop(header)


@pytest.mark.parametrize("text", [b"nan \\nan ", b"inf \\inf ", b"wide\\high"])
def test_a_spacing_that_is_no_number_is_refused(develop: Develop, text: bytes) -> None:
    data = as_bytes(dicom(ImagerPixelSpacing=[1.25, 1.25]))
    assert data.count(b"1.25\\1.25") == 1
    with pytest.raises(FilmRefusal, match="ImagerPixelSpacing"):
        develop(data.replace(b"1.25\\1.25", text))


# Pictures that are no DICOM.


@pytest.mark.parametrize(
    "pixels", [GREY, TIMES_TABLE, GREY_IN_COLOUR], ids=["8 bits", "16 bits", "colour"]
)
def test_a_grey_png_is_a_film_without_scale(
    develop: Develop, pixels: np.ndarray[Any, Any]
) -> None:
    film = develop(picture(pixels, "PNG"))
    np.testing.assert_allclose(film.pixels, AS_SEEN, atol=1 / 200)
    assert film.kind == "PNG"
    assert film.spacing_mm is None
    assert film.source_mm is None
    assert [f.key for f in film.findings] == ["film.no_spacing"]


@pytest.mark.parametrize("pixels", [GREY, GREY_IN_COLOUR], ids=["grey", "colour"])
def test_a_grey_jpeg_is_a_film_without_scale(
    develop: Develop, pixels: np.ndarray[Any, Any]
) -> None:
    film = develop(picture(pixels, "JPEG", quality=95))
    np.testing.assert_allclose(film.pixels, AS_SEEN, atol=0.03)
    assert film.kind == "JPEG"
    assert film.spacing_mm is None


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_colour_photograph_is_refused(develop: Develop, kind: str) -> None:
    with pytest.raises(FilmRefusal, match=r"colour picture .* a radiograph is grey"):
        develop(picture(PHOTOGRAPH, kind))


@pytest.mark.parametrize("side", [9_000, 10_000, 20_000, 100_000])
def test_a_picture_that_claims_too_many_pixels_is_refused(
    develop: Develop, side: int
) -> None:
    with pytest.raises(FilmRefusal, match=r"pixels"):
        develop(png_that_claims(side))


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_smaller_than_a_film_is_refused(develop: Develop, kind: str) -> None:
    with pytest.raises(FilmRefusal, match="has at least 64 each way"):
        develop(picture(GREY[:63], kind))


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_a_truncated_picture_is_refused(
    develop: Develop, kind: str, share: float
) -> None:
    rough = np.random.default_rng(1).integers(256, size=(64, 64), dtype=np.uint8)
    data = picture(rough, kind)
    with pytest.raises(FilmRefusal, match=r"damaged|neither DICOM nor PNG nor JPEG"):
        develop(data[: int(share * len(data))])


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_blank_picture_is_refused(develop: Develop, kind: str) -> None:
    with pytest.raises(FilmRefusal, match="is blank"):
        develop(picture(np.full((64, 64), 77, np.uint8), kind))


# What is refused.


@pytest.mark.parametrize(
    ("elements", "says"),
    [
        pytest.param({"PixelData": None}, "no pixels", id="no pixels"),
        pytest.param({"Modality": "CT"}, "Modality is 'CT'; allowed are DX", id="CT"),
        pytest.param({"Modality": None}, "Modality is ''", id="no modality"),
        pytest.param({"NumberOfFrames": 2}, "several frames", id="two frames"),
        pytest.param({"SamplesPerPixel": None}, "MONOCHROME1 or", id="no samples"),
        pytest.param(
            {"PhotometricInterpretation": "PALETTE COLOR"},
            "is 'PALETTE COLOR'",
            id="palette",
        ),
        pytest.param({"Rows": None}, "Rows or Columns is missing", id="no rows"),
        pytest.param({"Rows": 63}, "has at least 64 each way", id="63 rows"),
        pytest.param(
            {"Rows": 65535, "Columns": 65535}, "allowed are 64000000", id="huge claim"
        ),
        pytest.param({"Rows": 128}, "pixels are damaged", id="half the pixels"),
        pytest.param({"BitsAllocated": None}, r"BitsAllocated is \[\]", id="no bits"),
    ],
)
def test_a_dicom_file_that_is_no_single_grey_film_is_refused(
    develop: Develop, elements: dict[str, Any], says: str
) -> None:
    with pytest.raises(FilmRefusal, match=says):
        develop(dicom(**elements))


def test_a_colour_dicom_is_refused(develop: Develop) -> None:
    colour = dicom(
        bits=8,
        SamplesPerPixel=3,
        PhotometricInterpretation="RGB",
        PlanarConfiguration=0,
        PixelData=PHOTOGRAPH.tobytes(),
    )
    with pytest.raises(FilmRefusal, match="a radiograph is MONOCHROME1 or MONOCHROME2"):
        develop(colour)


@pytest.mark.parametrize("value", [0, 77, 4095])
def test_a_blank_film_is_refused(develop: Develop, value: int) -> None:
    with pytest.raises(FilmRefusal, match="is blank: every pixel has the value"):
        develop(dicom(np.full((64, 64), value)))


@pytest.mark.parametrize("left", [133, 200, 400, 4000, -2000, -1])
def test_a_truncated_film_is_refused(develop: Develop, left: int) -> None:
    with pytest.raises(FilmRefusal):
        develop(as_bytes(dicom())[:left])


@pytest.mark.parametrize(
    "data",
    [b"", b"DICM", b"%PDF-1.7\n", b"{}", bytes(1000), picture(GREY, "JPEG2000")],
    ids=["empty", "short", "PDF", "JSON", "zeros", "JPEG 2000"],
)
def test_a_file_that_is_no_picture_is_refused(develop: Develop, data: bytes) -> None:
    with pytest.raises(FilmRefusal, match="is neither DICOM nor PNG nor JPEG"):
        develop(data)


def test_a_path_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FilmRefusal, match=r"absent.dcm cannot be read: No such file"):
        read_film(tmp_path / "absent.dcm")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FilmRefusal, match="is no file"):
        read_film(tmp_path)


def test_a_file_larger_than_any_film_is_refused_unread(
    develop: Develop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(film_module, "MAX_FILE_BYTES", 1000)
    with pytest.raises(FilmRefusal, match="bytes; allowed are 1000"):
        develop(dicom())


# Compressed pictures that claim another size than their header.


@pytest.mark.parametrize(
    "syntax", [JPEGLosslessSV1, JPEGLSLossless], ids=lambda syntax: syntax.keyword
)
def test_a_stream_of_another_size_is_refused_before_it_is_decoded(
    develop: Develop, syntax: Any
) -> None:
    with pytest.raises(FilmRefusal, match="compressed picture has 2000 × 3000 pixels"):
        develop(with_stream(syntax, _of_2000_by_3000(codestream(syntax))))


@pytest.mark.parametrize(
    "syntax", [JPEGLosslessSV1, JPEGLSLossless], ids=lambda syntax: syntax.keyword
)
def test_a_long_comment_does_not_hide_the_size_of_a_stream(
    develop: Develop, syntax: Any
) -> None:
    comment = b"\xff\xfe\xff\xff" + bytes(0xFFFD)
    stream = _of_2000_by_3000(codestream(syntax))
    with pytest.raises(FilmRefusal, match="compressed picture has 2000 × 3000 pixels"):
        develop(with_stream(syntax, stream[:2] + 2 * comment + stream[2:]))


def _of_2000_by_3000(stream: bytes) -> bytes:
    size = bytes([0, 64, 0, 64])
    assert stream.count(size) == 1
    return stream.replace(size, (2000).to_bytes(2, "big") + (3000).to_bytes(2, "big"))


@pytest.mark.parametrize(
    "beginning",
    [
        pytest.param("ffd8 ffc0 0011 0804 0004 0003 0122 00", id="JPEG"),
        pytest.param(
            "ff4f ff51 002f 0000" + 2 * "00000800" + 2 * "00000000", id="JPEG 2000"
        ),
    ],
)
def test_plain_pixels_that_look_like_a_compressed_picture_are_still_a_film(
    develop: Develop, beginning: str
) -> None:
    plain = dicom(bits=16)
    looks = bytes.fromhex(beginning)
    plain.PixelData = looks + plain.PixelData[len(looks) :]
    stored = np.frombuffer(plain.PixelData, "<u2").reshape(64, 64)
    np.testing.assert_allclose(develop(plain).pixels, stored / stored.max(), atol=1e-6)


# Damage.


@pytest.mark.parametrize("kind", ["US", "FD", "AT", "SQ", "IS", "LO", "UC", "Ow", "OJ"])
def test_pixels_that_are_said_to_be_of_another_kind_are_refused(
    develop: Develop, kind: str
) -> None:
    data = as_bytes(dicom())
    element = b"\xe0\x7f\x10\x00"
    assert data.count(element + b"OW") == 1
    with pytest.raises(FilmRefusal):
        develop(data.replace(element + b"OW", element + kind.encode()))


@pytest.mark.parametrize("kind", ["US", "UL", "FL", "AT"])
def test_an_orientation_of_another_kind_is_no_orientation(
    develop: Develop, kind: str
) -> None:
    data = as_bytes(dicom())
    element = b"\x20\x00\x20\x00"
    assert data.count(element + b"CS") == 1
    film = develop(data.replace(element + b"CS", element + kind.encode()))
    assert film.columns_to_left is None
