"""Options that several commands take, said once."""

from pathlib import Path

import click

config_option = click.option(
    "--config",
    "config_path",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Default: /etc/edged/edged.toml.",
)

models_option = click.option(
    "--model",
    "models",
    metavar="MODEL",
    multiple=True,
    help="Only this model, with * and ?; may be given again.",
)

clusters_option = click.option(
    "--cluster",
    "clusters",
    metavar="CLUSTER",
    multiple=True,
    help="Only this CPU cluster; may be given again.",
)
