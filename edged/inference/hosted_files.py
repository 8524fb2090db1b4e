"""Where the published models can be downloaded, and the checksums they must have.

Source: the archives of the TensorFlow Lite hosted models page. The checksums of the archives are those
of the Yocto layer meta-renesas-ai (recipe models-tensorflow-lite.bb), of which the one for alpha 1.0 INT8
is also in TensorFlow's own workspace file.
"""

from dataclasses import dataclass

from edged import paper
from edged.inference.zoo import mobilenet_name

BASE_URL = "https://storage.googleapis.com/download.tensorflow.org/models/"


@dataclass(frozen=True, slots=True)
class HostedFile:
    """An archive with one model in it.

    Attributes:
        name: Name of the model.
        archive: Its path below `BASE_URL`.
        archive_sha256: Checksum of the archive in hexadecimal digits.
        member: Name of the model's file in the archive.
    """

    name: str
    archive: str
    archive_sha256: str
    member: str


# Archives of real numbers are from 2018-02-22, the quantised ones from 2018-08-02.
_DIRECTORIES = {"fp32": "mobilenet_v1_2018_02_22", "int8": "mobilenet_v1_2018_08_02"}
_ARCHIVE_SHA256 = {
    ("0.25", "fp32"): "eee166d4d1de004e2ee5de19a4f5045574d764ef59569dc284545f805a295074",
    ("0.25", "int8"): "be8131a23c93a83d7d0b1875ac34aa2e06319aef377f89dc6be2e8f10a0589ca",
    ("0.5", "fp32"): "0eb9be8d18dcf9466a2a2d2157e71c83cd70dc168255d76d72bfe965318db725",
    ("0.5", "int8"): "f61c28ab322a3ef441341431d33732ef79dfbf03ebc00769c12e5843573b2e9c",
    ("0.75", "fp32"): "bf61b3ce7ca2d045bb35fa6ab9a68732e3531291266db4a8c7715227d7425657",
    ("0.75", "int8"): "6c40604a53edb295e6fd72ead340759db63a2e4d930593610f4d09efe17aa9b7",
    ("1.0", "fp32"): "1ccb74dbd9c5f7aea879120614e91617db9534bdfaa53dfea54b7c14162e126b",
    ("1.0", "int8"): "d32432d28673a936b2d6281ab0600c71cf7226dfe4cdcef3012555f691744166",
}


def _hosted_file(alpha: str, precision: str) -> HostedFile:
    name = mobilenet_name(alpha, precision)
    archive = f"{_DIRECTORIES[precision]}/{name}.tgz"
    return HostedFile(name, archive, _ARCHIVE_SHA256[alpha, precision], f"{name}.tflite")


HOSTED_FILES = tuple(_hosted_file(model.alpha, model.precision) for model in paper.PUBLISHED)
