"""The published figures, as data: what "Inference on the Edge" measured, and its models' accuracy and size.

Sources:

* V. Peluso et al., "Inference on the Edge: Performance Analysis of an
  Image Classification Task Using Off-The-Shelf CPUs and Open-Source ConvNets", SNAMS 2019: Table II
  (frames per second on the two CPU clusters of an Exynos 5422: mean of 100 runs after one warm-up run,
  2 s of pause, one thread, TensorFlow Lite 1.14).
* The TensorFlow Lite page of hosted models (`tensorflow/lite/g3doc/guide/hosted_models.md`): top-1 and
  top-5 on ImageNet and file sizes, the same in every version seen from late 2018 to 2022.

The paper's alpha 1.0 INT8 model carries the accuracy and the size of the page's next row, MobileNet v2
1.0 224 quant. `paper_top1_ratio` and `paper_size_mb` keep what the paper used; the other fields are right.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

ALPHAS = ("0.25", "0.5", "0.75", "1.0")
PRECISIONS = ("fp32", "int8")
CLUSTERS = ("little", "big")  # Cortex-A7 at 1.4 GHz, Cortex-A15 at 2.0 GHz


@dataclass(frozen=True, slots=True)
class PublishedModel:
    """What is published of one MobileNet v1 224 model.

    Attributes:
        alpha: Width multiplier as text, such as "0.25".
        precision: `fp32` or `int8`.
        top1_ratio: Share of ImageNet images whose best guess is right, 0 to 1.
        top5_ratio: Share of ImageNet images with the right class among the best five, 0 to 1.
        size_mb: Size of the file in 10^6 bytes, as rounded on the page.
        file_bytes: Size of the file in bytes.
        paper_top1_ratio: The top-1 ratio that the paper used.
        paper_size_mb: The size that the paper used, in 10^6 bytes.
    """

    alpha: str
    precision: str
    top1_ratio: float
    top5_ratio: float
    size_mb: float
    file_bytes: int
    paper_top1_ratio: float
    paper_size_mb: float


PUBLISHED = (
    PublishedModel("0.25", "fp32", 0.497, 0.741, 1.9, 1_882_904, 0.497, 1.9),
    PublishedModel("0.25", "int8", 0.482, 0.728, 0.5, 497_264, 0.482, 0.5),
    PublishedModel("0.5", "fp32", 0.632, 0.849, 5.3, 5_319_064, 0.632, 5.3),
    PublishedModel("0.5", "int8", 0.612, 0.832, 1.4, 1_364_512, 0.612, 1.4),
    PublishedModel("0.75", "fp32", 0.683, 0.881, 10.3, 10_325_016, 0.683, 10.3),
    PublishedModel("0.75", "int8", 0.669, 0.869, 2.6, 2_624_208, 0.669, 2.6),
    PublishedModel("1.0", "fp32", 0.710, 0.899, 16.9, 16_900_760, 0.710, 16.9),
    PublishedModel("1.0", "int8", 0.700, 0.890, 4.3, 4_276_352, 0.708, 3.4),
)

# Table II: (alpha, precision, CPU cluster) to frames per second.
TABLE_II: Mapping[tuple[str, str, str], float] = MappingProxyType(
    {
        ("0.25", "fp32", "big"): 43.86,
        ("0.25", "int8", "big"): 56.11,
        ("0.5", "fp32", "big"): 14.52,
        ("0.5", "int8", "big"): 24.19,
        ("0.75", "fp32", "big"): 6.81,
        ("0.75", "int8", "big"): 13.63,
        ("1.0", "fp32", "big"): 4.16,
        ("1.0", "int8", "big"): 8.96,
        ("0.25", "fp32", "little"): 8.87,
        ("0.25", "int8", "little"): 14.24,
        ("0.5", "fp32", "little"): 2.92,
        ("0.5", "int8", "little"): 5.97,
        ("0.75", "fp32", "little"): 1.45,
        ("0.75", "int8", "little"): 3.24,
        ("1.0", "fp32", "little"): 0.87,
        ("1.0", "int8", "little"): 2.10,
    }
)


def frames_per_second(alpha: str, precision: str, cluster: str) -> float | None:
    """Frames per second in Table II; None for anything the paper did not measure.

    Args:
        alpha: Width multiplier as text.
        precision: `fp32` or `int8`.
        cluster: `little` or `big`.
    """
    return TABLE_II.get((alpha, precision, cluster))


def published_model(alpha: str, precision: str) -> PublishedModel | None:
    """What is published of that model; None where nothing is, as for `int8-per-channel`."""
    for model in PUBLISHED:
        if (model.alpha, model.precision) == (alpha, precision):
            return model
    return None
