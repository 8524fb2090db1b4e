"""Images become what a model takes, or are refused."""

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from edged.inference import images
from edged.inference.images import load_image
from edged.inference.refusal import RefusedError

SHAPE = (1, 2, 3, 3)
PIXELS = np.arange(18, dtype=np.uint8).reshape(SHAPE) * 15


def _saved(path: Path, form: str, pixels: np.ndarray = PIXELS[0]) -> str:  # type: ignore[type-arg]
    Image.fromarray(pixels).save(path, form)
    return str(path)


@pytest.mark.parametrize("form", ["BMP", "PNG", "PPM"])
def test_pixels_arrive_as_they_are_where_nothing_has_to_be_scaled(tmp_path: Path, form: str) -> None:
    path = _saved(tmp_path / "image", form)
    assert np.array_equal(load_image(path, SHAPE, "uint8"), PIXELS)
    assert np.array_equal(load_image(path, SHAPE, "int8"), PIXELS.astype(int) - 128)
    real = load_image(path, SHAPE, "float32")
    assert real.dtype == np.float32
    assert np.allclose(real, PIXELS / 127.5 - 1, atol=1e-6)


def test_black_is_minus_one_and_white_is_one(tmp_path: Path) -> None:
    path = _saved(tmp_path / "image", "PNG", np.array([[[0, 0, 0], [255, 255, 255]]], dtype=np.uint8))
    assert load_image(path, (1, 1, 2, 3), "float32").tolist() == [[[[-1, -1, -1], [1, 1, 1]]]]


def test_an_image_of_another_size_is_scaled_and_a_grey_one_gets_three_channels(tmp_path: Path) -> None:
    path = _saved(tmp_path / "image", "PNG", np.full((50, 70), 77, dtype=np.uint8))
    assert np.array_equal(load_image(path, (1, 8, 4, 3), "uint8"), np.full((1, 8, 4, 3), 77))


@pytest.mark.parametrize(
    ("shape", "dtype"),
    [((1, 64), "uint8"), ((2, 8, 8, 3), "uint8"), ((1, 8, 8, 1), "uint8"), (SHAPE, "int32")],
)
def test_a_model_that_takes_no_image_is_told(tmp_path: Path, shape: tuple[int, ...], dtype: str) -> None:
    with pytest.raises(RefusedError, match="the model takes") as refusal:
        load_image(_saved(tmp_path / "image", "PNG"), shape, dtype)
    assert refusal.value.cause == "bad_input"


def test_too_many_pixels_are_refused_before_they_are_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(images, "MAX_PIXELS", 5)
    with pytest.raises(RefusedError, match="more than 5 pixels"):
        load_image(_saved(tmp_path / "image", "PNG"), SHAPE, "uint8")


def test_a_missing_image_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="cannot be read as an image"):
        load_image(str(tmp_path / "nosuch.png"), SHAPE, "uint8")


def _encoded(form: str) -> bytes:
    packed = io.BytesIO()
    Image.fromarray(PIXELS[0]).save(packed, form)
    return packed.getvalue()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_a_damaged_image_is_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(_encoded(data.draw(st.sampled_from(["BMP", "PNG", "PPM", "JPEG"]))))
    content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "damaged"
    path.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    try:
        assert load_image(str(path), SHAPE, "uint8").shape == SHAPE
    except RefusedError as refusal:
        assert refusal.where == str(path)  # noqa: PT017
