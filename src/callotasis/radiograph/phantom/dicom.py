"""The synthetic film as a valid DICOM DX object, marked SYNTHETIC everywhere."""

from __future__ import annotations

import hashlib
import uuid
from io import BytesIO

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import UID, ExplicitVRLittleEndian

from callotasis import __version__
from callotasis.pose import Bone, Segment, Side
from callotasis.radiograph.landmarks import View
from callotasis.radiograph.phantom.projector import Beam, Picture
from callotasis.radiograph.phantom.spec import FilmSpec

DX_FOR_PRESENTATION = "1.2.840.10008.5.1.4.1.1.1.1"


def dicom_bytes(
    film: Picture,
    beam: Beam,
    spec: FilmSpec,
    spec_json: str,
    close_up: Segment | None = None,
) -> bytes:
    """Write a film as DICOM.

    Parameters
    ----------
    film : Picture
        Shape (rows, columns), 0 to 65535 [stored value].
    beam : Beam
        For pitch and distances [mm].
    spec : FilmSpec
        For bits, grey scale and view.
    spec_json : str
        What the film was made from; makes its identifiers repeatable.
    close_up : Segment, optional
        The one bone that a close-up film shows.

    Returns
    -------
    bytes
        A DICOM file.

    References
    ----------
    .. [1] DICOM PS3.3 A.26 (Digital X-Ray Image), checked with dciodvfy.
    """
    dataset = Dataset()
    _identity(dataset, spec_json)
    _equipment(dataset)
    _acquisition(dataset, beam)
    _view(dataset, spec)
    if close_up is not None:
        _one_bone(dataset, close_up, equalised=spec.equalised)
    if not spec.true_scale:
        dataset.DistanceSourceToDetector = f"{beam.source_mm:.1f}"
    _image(dataset, spec, spec_json)
    dataset.Rows, dataset.Columns = film.shape
    dataset.PixelData = _stored(film, spec).astype("<u2").tobytes()
    dataset["PixelData"].VR = "OW"
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = UID(DX_FOR_PRESENTATION)
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    file = BytesIO()
    pydicom.dcmwrite(file, dataset, enforce_file_format=True)
    return file.getvalue()


def _stored(film: Picture, spec: FilmSpec) -> Picture:
    """Stored values: as many bits as asked, turned round for MONOCHROME1."""
    top = 2**spec.bits - 1
    values = np.round(film * np.float32(top / 65_535))
    return np.asarray(top - values if spec.monochrome1 else values)


def _uid(spec_json: str, role: str) -> UID:
    """Identifier under 2.25, from the specification: one film, one name."""
    digest = hashlib.sha256(f"callotasis/{role}/{spec_json}".encode()).digest()
    return UID(f"2.25.{uuid.UUID(bytes=digest[:16], version=5).int}")


def _identity(dataset: Dataset, spec_json: str) -> None:
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.SOPClassUID = DX_FOR_PRESENTATION
    dataset.SOPInstanceUID = _uid(spec_json, "instance")
    dataset.StudyInstanceUID = _uid(spec_json, "study")
    dataset.SeriesInstanceUID = _uid(spec_json, "series")
    dataset.PatientName = "SYNTHETIC^PERSON"
    dataset.PatientID = "SYNTHETIC"
    dataset.PatientBirthDate = ""
    dataset.PatientSex = "O"
    dataset.StudyDate = "20260101"
    dataset.StudyTime = "120000"
    dataset.ContentDate = "20260101"
    dataset.ContentTime = "120000"
    dataset.AcquisitionDate = "20260101"
    dataset.AcquisitionTime = "120000"
    dataset.AccessionNumber = ""
    dataset.ReferringPhysicianName = ""
    dataset.StudyID = "1"
    dataset.SeriesNumber = 1
    dataset.InstanceNumber = 1
    dataset.ImageComments = "SYNTHETIC film computed from mean bones; no patient"


def _equipment(dataset: Dataset) -> None:
    dataset.Manufacturer = "callotasis"
    dataset.ManufacturerModelName = "synthetic radiograph"
    dataset.SoftwareVersions = __version__
    dataset.DeviceSerialNumber = "0"
    dataset.DetectorType = "DIRECT"
    dataset.PositionerType = "NONE"


def _acquisition(dataset: Dataset, beam: Beam) -> None:
    dataset.Modality = "DX"
    dataset.PresentationIntentType = "FOR PRESENTATION"
    dataset.KVP = "75"
    dataset.ImagerPixelSpacing = [f"{beam.pitch_mm:.4f}"] * 2
    dataset.AcquisitionContextSequence = Sequence([])


def _view(dataset: Dataset, spec: FilmSpec) -> None:
    """What was exposed, from where, and where rows and columns run to."""
    dataset.BodyPartExamined = "LEG"
    region, seen = ("30021000", "Lower leg"), ("399348003", "antero-posterior")
    dataset.StudyDescription = "SYNTHETIC standing long-leg film"
    if spec.view is View.FRONTAL:
        dataset.ViewPosition = "AP"
        dataset.ImageLaterality = "B"
        dataset.PatientOrientation = ["L", "F"]
    else:
        right = spec.lateral_of == Side.RIGHT
        if spec.view is View.LATERAL_FEMUR:
            dataset.BodyPartExamined, region = "FEMUR", ("71341001", "Femur")
        # The lateral side lies on the detector, so that of the patient does.
        dataset.ViewPosition = "RL" if right else "LL"
        seen = (
            ("399198007", "right lateral") if right else ("399173006", "left lateral")
        )
        dataset.ImageLaterality = spec.lateral_of
        dataset.PatientOrientation = ["P" if right else "A", "F"]
        dataset.StudyDescription = f"SYNTHETIC {spec.view} film"
    dataset.AnatomicRegionSequence = Sequence([_code(*region)])
    dataset.ViewCodeSequence = Sequence([_code(*seen)])
    dataset.ViewCodeSequence[0].ViewModifierCodeSequence = Sequence([])


def _one_bone(dataset: Dataset, segment: Segment, *, equalised: bool) -> None:
    """A frontal film of one bone, and what was done to its pixels."""
    dataset.ImageLaterality = str(segment.side)
    dataset.StudyDescription = "SYNTHETIC close-up film of one bone"
    if segment.bone is Bone.FEMUR:
        dataset.BodyPartExamined = "FEMUR"
        dataset.AnatomicRegionSequence = Sequence([_code("71341001", "Femur")])
    done = "TISSUE EQUALISATION" if equalised else "NONE"
    dataset.AcquisitionDeviceProcessingDescription = f"SYNTHETIC: {done}"


def _code(value: str, meaning: str) -> Dataset:
    code = Dataset()
    code.CodeValue = value
    code.CodingSchemeDesignator = "SCT"
    code.CodeMeaning = meaning
    return code


def _image(dataset: Dataset, spec: FilmSpec, spec_json: str) -> None:
    dataset.ImageType = ["DERIVED", "PRIMARY", ""]
    dataset.DerivationDescription = f"SYNTHETIC: {spec_json}"[:1024]
    dataset.SamplesPerPixel = 1
    inverse = spec.monochrome1
    dataset.PhotometricInterpretation = "MONOCHROME1" if inverse else "MONOCHROME2"
    dataset.BitsAllocated = 16
    dataset.BitsStored = spec.bits
    dataset.HighBit = spec.bits - 1
    dataset.PixelRepresentation = 0
    dataset.BurnedInAnnotation = "YES"
    dataset.PixelIntensityRelationship = "LOG"
    dataset.PixelIntensityRelationshipSign = -1 if inverse else 1
    dataset.RescaleIntercept = "0"
    dataset.RescaleSlope = "1"
    dataset.RescaleType = "US"
    dataset.PresentationLUTShape = "INVERSE" if inverse else "IDENTITY"
    dataset.LossyImageCompression = "00"
    dataset.WindowCenter = str(2 ** (spec.bits - 1))
    dataset.WindowWidth = str(round(0.95 * 2**spec.bits))
