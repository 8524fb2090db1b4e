"""Turns an image file into what MobileNet takes: 224 x 224 pixels, red, green and blue.

Only worker processes do this: the file may be anybody's, and its decoder is native code.
"""

from typing import TYPE_CHECKING

import numpy as np

from edged.inference.refusal import RefusedError

if TYPE_CHECKING:
    from PIL.Image import Image

    from edged.inference.engine import Tensor

FORMATS = ("BMP", "JPEG", "PNG", "PPM")
MAX_PIXELS = 64_000_000
# Pixels 0 to 255 become -1 to 1, as the models were trained.
_HALF_RANGE = 127.5


def load_image(path: str, shape: tuple[int, ...], dtype: str) -> "Tensor":
    """The whole image, scaled to the model's input (bilinear), in the model's numbers.

    Args:
        path: A BMP, JPEG, PNG or PPM file.
        shape: Shape of the input: (1, height, width, 3).
        dtype: `float32` (-1 to 1), `uint8` (0 to 255) or `int8` (-128 to 127).

    Raises:
        RefusedError: If the model takes no images, or the file is none.
    """
    if len(shape) != 4 or shape[0] != 1 or shape[3] != 3 or min(shape) < 1:
        raise RefusedError("bad_input", f"the model takes {list(shape)}, which is not one image", where=path)
    _, height, width, _ = shape
    pixels = np.asarray(_scaled(path, width, height), dtype=np.uint8).reshape(shape)
    if dtype == "float32":
        return (pixels.astype(np.float32) - np.float32(_HALF_RANGE)) / np.float32(_HALF_RANGE)
    if dtype == "uint8":
        return pixels
    if dtype == "int8":
        return (pixels.astype(np.int16) - 128).astype(np.int8)
    raise RefusedError("bad_input", f"the model takes {dtype}, which no image is made of", where=path)


def _scaled(path: str, width: int, height: int) -> "Image":
    try:
        from PIL import Image  # noqa: PLC0415 - a board without images does without Pillow
    except ImportError as error:
        remedy = "install it with: pip install 'edged[images]'"
        raise RefusedError("bad_input", "images need Pillow", where=path, remedy=remedy) from error
    try:
        with Image.open(path, formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise RefusedError("bad_input", f"has more than {MAX_PIXELS} pixels", where=path)
            colours = image.convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise RefusedError("bad_input", f"cannot be read as an image: {error}", where=path) from error
    if colours.size == (width, height):
        return colours
    return colours.resize((width, height), Image.Resampling.BILINEAR)
