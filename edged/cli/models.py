"""`edged models`: build, fetch, list and verify models."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from fnmatch import fnmatchcase
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

from edged.cli.common_options import config_option
from edged.cli.group import CommandGroup
from edged.cli.number import WholeNumber
from edged.cli.plain_console import plain_column, plain_console, wide_console
from edged.cli.table import Column, FittingTable
from edged.clock import SystemClock
from edged.config.file import load_config
from edged.config.sections import Config
from edged.errors import EdgedError, UsageError, not_among
from edged.inference.classify import classify, read_labels
from edged.inference.download import Received
from edged.inference.fetch import fetch as fetch_model
from edged.inference.file_check import check_file
from edged.inference.hosted_files import BASE_URL, HOSTED_FILES
from edged.inference.model import Model
from edged.inference.zoo import HOSTED_PRECISIONS, PRECISIONS, fetched_path, mobilenets

if TYPE_CHECKING:
    from edged.inference.build import Built

_COLUMNS = (
    Column("model", folds=28),
    Column("alpha", right=True, spare=5),
    Column("precision", spare=4),
    Column("bytes", right=True, spare=2),
    Column("top-1", right=True, spare=1),
    Column("weights", spare=3),
    Column("state"),
)
_ItemT = TypeVar("_ItemT")
_PATH = click.Path(path_type=Path)
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_precisions = click.option(
    "--precision",
    "precisions",
    type=click.Choice(PRECISIONS),
    multiple=True,
    help="Only this precision; may be given again. Without it: those that are hosted.",
)


@click.group(cls=CommandGroup)
def models() -> None:
    """Build, fetch, list and verify models."""


def _with_place(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the configuration, in which --directory has its place."""

    @click.option("--directory", metavar="DIR", type=_PATH, help="Where models lie; else as configured.")
    @config_option
    @wraps(command)
    def with_place(directory: Path | None, config_path: Path | None, **options: Any) -> Any:  # noqa: ANN401
        config = load_config(config_path)
        return command(config=config, directory=directory or config.models.directory, **options)

    return with_place


@models.command("list", short_help="list all models, and which are there")
@_with_place
def list_models(config: Config, directory: Path) -> None:
    """List all models: what is known of each, and whether its file is there."""
    table = FittingTable("", _COLUMNS)
    for model in _known_models(config, directory):
        table.add_row(*_row(model, directory))
    console = wide_console()
    console.print(table)
    console.print("Top-1 is the architecture's, as published: random weights know nothing.", highlight=False)


@models.command(short_help="build MobileNet v1 models with random weights")
@_precisions
@click.option(
    "--seed",
    metavar="N",
    type=WholeNumber(min=0),
    default=0,
    show_default=True,
    help="Of the random weights.",
)
@_with_place
def build(config: Config, directory: Path, precisions: tuple[str, ...], seed: int) -> None:  # noqa: ARG001
    """Build MobileNet v1 models of all widths from their structure, with random weights."""
    try:
        from edged.inference.build import build_all  # noqa: PLC0415 - it takes numpy, which is not everywhere
    except ImportError as error:
        remedy = "install what is missing with: pip install 'edged[models]'"
        raise EdgedError(f"models cannot be built: {error}", remedy=remedy) from error

    def tell(built: "Built") -> None:
        what = "built" if built.is_new else "there already"
        click.echo(f"{built.done}/{built.total}  {built.path.stem}  {built.size_bytes} bytes  {what}")

    build_all(directory, precisions or HOSTED_PRECISIONS, tell, seed)


@models.command(short_help="fetch the published models, with trained weights")
@click.argument("names", nargs=-1, metavar="[MODEL]...")
@click.option(
    "--base-url", metavar="URL", default=BASE_URL, show_default=True, help="Where the archives are."
)
@_with_place
def fetch(config: Config, directory: Path, names: tuple[str, ...], base_url: str) -> None:  # noqa: ARG001
    """Fetch the published models, with trained weights; all eight without MODEL."""
    wanted = _named({hosted.name: hosted for hosted in HOSTED_FILES}, names)
    clock = SystemClock()
    for number, hosted in enumerate(wanted, start=1):
        title = f"{number}/{len(wanted)}  {hosted.name}"
        if fetched_path(directory, hosted.name).exists():
            click.echo(f"{title}  there already")
            continue
        with _download_bar(title) as tell:
            path = fetch_model(hosted, directory, clock, tell, base_url)
        click.echo(f"{title}  {path.stat().st_size} bytes  fetched")


@models.command(short_help="check that models are sound and run")
@click.argument("names", nargs=-1, metavar="[MODEL|FILE]...")
@click.option("--image", type=_FILE, help="BMP, JPEG, PNG or PPM file: prints the five best guesses.")
@click.option("--labels", type=_FILE, help="Text file with the name of one class a line.")
@_with_place
def verify(
    config: Config, directory: Path, names: tuple[str, ...], image: Path | None, labels: Path | None
) -> int:
    """Check that models are sound and run; without MODEL or FILE, all that are there.

    The exit code is 1 if any is not.
    """
    if labels and not image:
        raise UsageError("--labels says what is in an image", remedy="give --image too")
    good = [_verify(model, config, image, labels) for model in _to_verify(config, directory, names)]
    return 0 if all(good) else 1


def _verify(model: Model, config: Config, image: Path | None, labels: Path | None) -> bool:
    labels_file = labels or model.labels
    try:
        stored = check_file(model.path)
        names = read_labels(labels_file) if labels_file and image else []
        engine, delegate = config.measure.engine, config.measure.delegate
        found = classify(model.path, image, names, engine=engine, delegate=delegate)
    except EdgedError as error:
        elsewhere = f"{error.where}: " if error.where != str(model.path) else ""
        click.echo(f"{model.name}: {elsewhere}{error.what}")
        if error.remedy:
            click.echo(f"  {error.remedy}")
        return False
    runs_on = f"runs on {found.engine} {found.engine_version}, delegate {found.delegate}"
    click.echo(
        f"{model.name}: sound, {len(stored.operators)} operators, {stored.size_bytes} bytes, {runs_on}"
    )
    for guess in found.guesses if image else ():
        click.echo(f"  {guess.score:.3f}  {guess.index:4d}  {guess.label}".rstrip())
    return True


def _known_models(config: Config, directory: Path) -> tuple[Model, ...]:
    return (*mobilenets(directory, PRECISIONS), *config.own_models())


def _to_verify(config: Config, directory: Path, names: tuple[str, ...]) -> list[Model]:
    known = {model.name: model for model in _known_models(config, directory)}
    files = [name for name in names if name not in known and ("/" in name or name.endswith(".tflite"))]
    given = [Model(name, Path(name), alpha="", precision="", weights="") for name in files]
    by_name = tuple(name for name in names if name not in files)
    if by_name or files:
        return [*(_named(known, by_name) if by_name else ()), *given]
    there = [model for model in known.values() if model.path.exists()]
    if not there:
        remedy = "make them with: edged models build"
        raise EdgedError("there are no models", where=str(directory), remedy=remedy)
    return there


def _named(known: Mapping[str, _ItemT], names: tuple[str, ...]) -> list[_ItemT]:
    """Those of the known things that the names mean, in the order known; all without names.

    One that is called exactly so is meant alone, whatever its name is as a pattern.
    """
    meant = set() if names else set(known)
    for name in names:
        found = {name} & known.keys() or {one for one in known if fnmatchcase(one, name)}
        if not found:
            raise not_among(known, "model", name)
        meant |= found
    return [item for one, item in known.items() if one in meant]


def _row(model: Model, directory: Path) -> tuple[str, ...]:
    try:
        size = str(model.path.stat().st_size)
    except OSError:
        size = "-"
    state = "missing" if size == "-" else _origin(model, directory)
    accuracy = f"{model.accuracy.top1_ratio:.1%}" if model.accuracy else "-"
    return (model.name, model.alpha or "-", model.precision, size, accuracy, model.weights, state)


def _origin(model: Model, directory: Path) -> str:
    if model.path == fetched_path(directory, model.name):
        return "fetched"
    return "built" if model.path.parent == directory else "your own"


@contextmanager
def _download_bar(title: str) -> Iterator[Callable[[Received], None]]:
    columns = (plain_column("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    console = plain_console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(title, total=None)

        def tell(received: Received) -> None:
            progress.update(task, completed=received.received_bytes, total=received.total_bytes)

        yield tell
