"""The schema of `.tflite` files as data: which fields each table has, and which of them point elsewhere.

A check of a file that somebody else made must know every field that an engine may follow. Tables of
options that hold nothing but numbers are not listed: there is nothing in them to follow.

Source: `schema.fbs` of TensorFlow Lite, as generated for Python in `ai-edge-litert` 2.3; a test holds
this file against the schema packages that are installed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

IDENTIFIER = b"TFL3"
VERSION = 3


@dataclass(frozen=True, slots=True)
class Scalar:
    """A number in the table itself, `width` bytes wide."""

    width: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """A vector of numbers, each `width` bytes wide."""

    width: int


@dataclass(frozen=True, slots=True)
class Text:
    """A string, with a zero byte behind it."""


@dataclass(frozen=True, slots=True)
class OneTable:
    """Another table."""

    table: str


@dataclass(frozen=True, slots=True)
class Tables:
    """A vector of tables."""

    table: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of the tables of a union; the byte in the field before it tells which."""

    union: str


@dataclass(frozen=True, slots=True)
class Gone:
    """A field that was taken out of the schema."""


Field = Scalar | Numbers | Text | OneTable | Tables | OneOf | Gone


@dataclass(frozen=True, slots=True)
class Union:
    """What a union can hold.

    Attributes:
        known: Numbers below this are known kinds; 0 is none.
        tables: Those kinds that have fields to follow, with the name of their table.
    """

    known: int
    tables: Mapping[int, str]


def _field(notation: str) -> Field:
    if notation == "text":
        return Text()
    if notation == "-":
        return Gone()
    if notation.startswith("?"):
        return OneOf(notation[1:])
    name = notation.rstrip("*")
    if name.isdigit():
        return Scalar(int(name)) if name == notation else Numbers(int(name))
    return OneTable(name) if name == notation else Tables(name)


# The fields of each table in the order of their slots: `4` is a number of 4 bytes, `4*` a vector of them,
# `Tensor` a table, `Tensor*` a vector of tables, `?BuiltinOptions` one of a union, `-` no more in use.
_TABLES = {
    "Model": (
        "4 OperatorCode* SubGraph* text Buffer* "
        "4* Metadata* SignatureDef* ExternalBufferGroup* ExternalBuffer*"
    ),
    "OperatorCode": "1 text 4 4",
    "SubGraph": "Tensor* 4* 4* Operator* text 4",
    "Tensor": "4* 1 4 text QuantizationParameters 1 SparsityParameters 4* 1 VariantSubType* 4",
    "QuantizationParameters": "4* 4* 4* 8* 1 ?QuantizationDetails 4",
    "SparsityParameters": "4* 4* DimensionMetadata*",
    "DimensionMetadata": "1 4 1 ?SparseIndexVector 1 ?SparseIndexVector",
    "VariantSubType": "4* 1 1",
    "Operator": "4 4* 4* 1 ?BuiltinOptions 1* 1 1* 4* 8 8 1 ?BuiltinOptions2 4",
    "Buffer": "1* 8 8",
    "Metadata": "text 4",
    "SignatureDef": "TensorMap* TensorMap* text - 4",
    "TensorMap": "text 4",
    "ExternalBufferGroup": "text",
    "ExternalBuffer": "4 4 8 8 text",
    "BlockwiseQuantization": "4 4 4 4*",
    "BucketizeOptions": "4*",
    "ConcatEmbeddingsOptions": "4 4* 4*",
    "CustomQuantization": "1*",
    "FullyConnectedOptions": "1 1 1 1 1 1*",
    "Int32Vector": "4*",
    "MultiAxisQuantization": "4 4 4 4*",
    "ReshapeOptions": "4*",
    "SqueezeOptions": "4*",
    "StableHLOCompositeOptions": "text 4 1* 1 4",
    "StablehloBroadcastInDimOptions": "8*",
    "StablehloCaseOptions": "4*",
    "StablehloConvolutionOptions": "8* 8* 8* 8* 1* 8 8 8* 8 8 8* 8 8 8* 8 8 4*",
    "StablehloCustomCallOptions": "text 1 text 4 4* 1*",
    "StablehloDotGeneralOptions": "8* 8* 8* 8* 4*",
    "StablehloDynamicSliceOptions": "8*",
    "StablehloGatherOptions": "8* 8* 8* 8 8* 1",
    "StablehloPadOptions": "8* 8* 8*",
    "StablehloReduceOptions": "8* 4",
    "StablehloReduceWindowOptions": "8* 8* 8* 8* 8* 4",
    "StablehloScatterOptions": "1 8* 8* 8* 8 1 4",
    "StablehloSliceOptions": "8* 8* 8*",
    "StablehloTransposeOptions": "8*",
    "Uint16Vector": "2*",
    "Uint8Vector": "1*",
    "VarHandleOptions": "text text",
}

TABLES: Mapping[str, tuple[Field, ...]] = MappingProxyType(
    {table: tuple(_field(notation) for notation in fields.split()) for table, fields in _TABLES.items()}
)
UNIONS: Mapping[str, Union] = MappingProxyType(
    {
        "QuantizationDetails": Union(
            4, {1: "CustomQuantization", 2: "BlockwiseQuantization", 3: "MultiAxisQuantization"}
        ),
        "SparseIndexVector": Union(4, {1: "Int32Vector", 2: "Uint16Vector", 3: "Uint8Vector"}),
        "BuiltinOptions": Union(
            127,
            {
                3: "ConcatEmbeddingsOptions",
                8: "FullyConnectedOptions",
                17: "ReshapeOptions",
                30: "SqueezeOptions",
                111: "VarHandleOptions",
                115: "BucketizeOptions",
            },
        ),
        "BuiltinOptions2": Union(
            24,
            {
                2: "StablehloBroadcastInDimOptions",
                3: "StablehloSliceOptions",
                4: "StablehloConvolutionOptions",
                5: "StablehloCustomCallOptions",
                6: "StablehloReduceOptions",
                7: "StablehloScatterOptions",
                9: "StablehloDynamicSliceOptions",
                10: "StablehloPadOptions",
                12: "StablehloDotGeneralOptions",
                13: "StablehloReduceWindowOptions",
                16: "StablehloGatherOptions",
                17: "StablehloTransposeOptions",
                21: "StableHLOCompositeOptions",
                23: "StablehloCaseOptions",
            },
        ),
    }
)
