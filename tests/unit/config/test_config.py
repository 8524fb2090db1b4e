"""`edged.toml`: what it sets, and how everything wrong with it is said at once."""

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.config import Config, load_config
from edged.config.effective import effective
from edged.config.file import parse_config, read_config
from edged.errors import UsageError
from edged.exposition.address import Address
from edged.exposition.password import fits, hashed
from edged.exposition.tls_files import TlsFiles
from edged.inference.model import Accuracy, Model
from edged.journal.retention import Bounds
from edged.measurement.protocol import BUILT_IN, Protocol
from edged.power.settings import MeterChannel, MeterConfig, MeterKind, RailConfig
from tests.unit.config.documents import documents, to_toml

FILE = Path("/etc/edged/edged.toml")


def parse(text: str) -> Config:
    return parse_config(text, FILE).config


def refusal(text: str) -> str:
    with pytest.raises(UsageError) as refused:
        parse(text)
    return str(refused.value)


def test_without_a_file_everything_is_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    config = load_config(None, tmp_path)
    assert config.measure.protocol in config.all_protocols()
    assert config.models.directory == Path("/home/somebody/.cache/edged/models")
    assert config.exposition.address == Address("127.0.0.1", 10231)
    assert config.journal.path == Path("/home/somebody/.local/state/edged/journal.db")
    assert config.journal.bounds == Bounds(64 << 20, 400.0)
    assert config.all_protocols() == BUILT_IN
    assert (config.own_models(), config.power.rails(), config.power.meters()) == ((), (), ())
    assert config.cpu_of("big") is None


def test_the_file_of_the_machine_is_read_below_the_root(tmp_path: Path) -> None:
    file = tmp_path / "etc/edged/edged.toml"
    file.parent.mkdir(parents=True)
    file.write_text("[measure]\nseed = 7\n")
    assert load_config(None, tmp_path).measure.seed == 7


def test_a_model_of_ones_own_comes_with_its_facts() -> None:
    config = parse(
        """
        [[model]]
        name = "door"
        path = "../door.tflite"
        precision = "int8"
        labels = "/srv/labels.txt"
        input = "door.bmp"
        top1_ratio = 0.9
        top5_ratio = 1
        """
    )
    assert config.own_models() == (
        Model(
            name="door",
            path=FILE.parent / "../door.tflite",
            alpha="",
            precision="int8",
            weights="trained",
            accuracy=Accuracy(0.9, 1.0, "measured"),
            labels=Path("/srv/labels.txt"),
            input=FILE.parent / "door.bmp",
        ),
    )


def test_a_model_without_a_known_accuracy_has_none() -> None:
    text = '[[model]]\nname = "a"\npath = "a.tflite"\nprecision = "fp32"\n'
    assert parse(text).own_models()[0].accuracy is None


def test_own_protocols_stand_beside_the_built_in_ones() -> None:
    config = parse('[measure]\nprotocol = "night"\n[protocols.night]\nmin_runs = 5\npause_s = 60\n')
    protocols = config.all_protocols()
    assert protocols["night"] == Protocol("night", 1, 5, 0.0, 60.0, 1, 1.5)
    assert set(protocols) == {*BUILT_IN, "night"}


def test_the_cpu_of_a_cluster_can_be_chosen() -> None:
    config = parse("[clusters.big]\ncpu = 6\n[clusters.little]\n")
    assert (config.cpu_of("big"), config.cpu_of("little"), config.cpu_of("mid")) == (6, None, None)


def test_external_sensors_become_rails_and_meters() -> None:
    config = parse(
        """
        [[power.rail]]
        name = "usb"
        i2c = "12c70000.i2c"
        address = 0x40
        shunt_uohm = 9_980
        gain = 1.01
        [[power.meter]]
        kind = "smartpower3-udp"
        address = "0.0.0.0:6000"
        channel = "input"
        """
    )
    assert config.power.rails() == (RailConfig("usb", "12c70000.i2c", 0x40, 9980.0, 0.01, 1.01),)
    assert config.power.meters() == (
        MeterConfig(MeterKind.SMARTPOWER3_UDP, "0.0.0.0:6000", channel=MeterChannel.INPUT),
    )


def test_a_home_directory_is_filled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    assert parse('[models]\ndirectory = "~/m"').models.directory == Path("/home/somebody/m")
    assert parse('[models]\ndirectory = "m"').models.directory == Path("/etc/edged/m")


def test_what_is_simulated_is_kept_in_a_file_of_its_own() -> None:
    journal = parse('[journal]\npath = "kept/j.db"\nmax_size_mib = 1\nmax_age_days = 30\n').journal
    assert journal.path_for("") == FILE.parent / "kept/j.db"
    assert journal.path_for("xu3-replay") == FILE.parent / "kept/j.db.xu3-replay"
    assert journal.bounds == Bounds(1 << 20, 30.0)


def test_all_problems_are_reported_together_each_with_line_and_key() -> None:
    said = refusal(
        """\
[measure]
engine = "tflite"
seed = -1
time_limit_s = "3"
memory_limit_mib = true
protcol = "paper"

[[model]]
name = "a"
[colour]
"""
    )
    assert said.splitlines() == [
        "/etc/edged/edged.toml: 8 settings cannot be used:",
        '  /etc/edged/edged.toml:2: measure.engine is "tflite", which is none of auto, tflite-runtime, '
        "ai-edge-litert; did you mean tflite-runtime?",
        "  /etc/edged/edged.toml:3: measure.seed is -1, but must be at least 0",
        '  /etc/edged/edged.toml:4: measure.time_limit_s is the text "3", but must be a number',
        "  /etc/edged/edged.toml:5: measure.memory_limit_mib is true, but must be a whole number",
        "  /etc/edged/edged.toml:6: measure.protcol is not known here; did you mean protocol?",
        "  /etc/edged/edged.toml:8: model[1].path is missing, but must be set",
        "  /etc/edged/edged.toml:8: model[1].precision is missing, but must be set",
        "  /etc/edged/edged.toml:10: colour is not known here; known are measure, models, model, protocols, "
        "clusters, exposition, journal, power, schedule, daemon",
    ]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("measure = 3", "measure is the number 3, but must be a table"),
        ("model = 3", "model is the number 3, but must be an array"),
        ("model = [3]", "model[1] is the number 3, but must be a table"),
        ("protocols = []", "protocols is an array, but must be a table"),
        ("protocols.x = 1979-05-27", "protocols.x is a date or a time, but must be a table"),
        ("measure.precisions = 'fp32'", 'precisions is the text "fp32", but must be an array'),
        ("measure.precisions = []", "precisions is empty, so that nothing would be measured"),
        ("measure.precisions = ['int9']", 'measure.precisions[1] is "int9", but known precisions are'),
        ("measure.protocol = 'burts'", "did you mean burst?"),
        ("measure.seed = 1.0", "measure.seed is the number 1.0, but must be a whole number"),
        ("measure.time_limit_s = nan", "measure.time_limit_s is nan, but must be a finite number"),
        ("measure.time_limit_s = 0", "measure.time_limit_s is 0.0 s, but must be above 0 s"),
        (f"measure.time_limit_s = 1{'0' * 400}", "measure.time_limit_s is too great a number"),
        ("measure.foreign_load_max_ratio = 2", "but must be at most 1"),
        ("models.directory = ''", "models.directory is no path"),
        ("models.directory = 'a\\u0000'".replace("'", '"'), "models.directory is no path"),
        ("models.directory = '~nobody-of-that-name/x'", "there is no such home directory"),
        ("protocols.paper.min_runs = 3", "has the name of a built-in protocol"),
        ("protocols.'a b' = {}", 'protocols."a b" has a name that has a space'),
        ("clusters.'' = {}", 'clusters."" has a name that is empty'),
        ("exposition.listen = '10231'", "is not an address and a port such as 127.0.0.1:10231"),
        ("exposition.listen = '127.0.0.1:66000'", "is not an address and a port such as 127.0.0.1:10231"),
        ("exposition.listen = '[1::2::3]:1'", "has no IPv6 address between its brackets"),
        ("power.rail = [{name='a', i2c='i2c-1', address=0x80}]", "is 128, but must be at most 119"),
        (
            "power.meter = [{kind='smartpower3-serial', address='ttyUSB0'}]",
            'power.meter[1].address is "ttyUSB0", but must be a device such as /dev/ttyUSB0',
        ),
        ("power.meter = [{kind='smartpower3-udp', address=':6000'}]", "but must be where to listen"),
        ("power.meter = [{kind='smartpower2', address='a b'}]", "but must be a host, or host:port"),
        ("power.meter = [{kind='smartpower2', address='a:0'}]", "but must be a host, or host:port"),
        (
            "power.meter = [{kind='smartpower2', address='a'}, {kind='smartpower2', address='b'}]",
            'power.meter[2].name is "board", which is taken already',
        ),
        (
            "model = [{name='a', path='a', precision='int8', top5_ratio=0.5}]",
            "model[1].top5_ratio is set without top1_ratio",
        ),
        (
            "model = [{name='a', path='a', precision='int8', top5_ratio=0.5, top1_ratio=0.6}]",
            "model[1].top5_ratio is below top1_ratio",
        ),
    ],
)
def test_each_mistake_is_said_in_words(text: str, complaint: str) -> None:
    said = refusal(text)
    assert said.startswith(f"{FILE}:1: ")
    assert complaint in said


def test_a_protocol_with_a_mistake_in_it_is_still_known_by_its_name() -> None:
    said = refusal('[measure]\nprotocol = "night"\n[protocols.night]\nthreads = 0\n')
    assert said == f"{FILE}:4: protocols.night.threads is 0, but must be at least 1"


def test_text_that_is_not_toml_is_refused_with_its_line() -> None:
    assert refusal("[measure]\nseed = = 3\n").startswith(f"{FILE}:2: is not valid TOML: ")
    assert refusal("[measure").startswith(f"{FILE}: is not valid TOML: ")
    assert "nested too deeply" in refusal("a = " + "[" * 100_000)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(b"a = 1\nb = \xff\n", ":2: is not UTF-8 text"), (b"#" * 300_000, "is longer than")],
)
def test_a_file_that_is_no_text_for_people_is_refused(tmp_path: Path, content: bytes, complaint: str) -> None:
    file = tmp_path / "edged.toml"
    file.write_bytes(content)
    with pytest.raises(UsageError, match=complaint):
        load_config(file)


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        load_config(tmp_path / "edged.toml")
    with pytest.raises(UsageError, match="cannot be read: Is a directory"):
        load_config(tmp_path)


@given(documents)
def test_any_document_gives_a_configuration_or_says_what_is_wrong(document: dict[str, Any]) -> None:
    _configuration_or_refusal(to_toml(document))


@given(st.text(st.characters(codec="utf-8")))
def test_any_text_gives_a_configuration_or_says_what_is_wrong(text: str) -> None:
    _configuration_or_refusal(text)


def _configuration_or_refusal(text: str) -> None:
    try:
        assert isinstance(parse(text), Config)
    except UsageError as refused:
        assert str(FILE) in refused.where  # noqa: PT017 - either outcome is right


def test_what_is_shown_reads_back_as_the_same_configuration() -> None:
    file = parse_config(
        """
        measure.protocol = "x"
        protocols.x.pause_s = 1e-7
        clusters.big = {}
        power.rail = [{name = "a", i2c = 'a"\\b', address = 9}]
        power.meter = [{kind = "smartpower2", address = "meter"}]
        [[model]]
        name = "é"
        path = "back\\\\slash \\"quoted\\" \\u007f"
        precision = "int8"
        """,
        FILE,
    )
    shown = "\n".join(effective(file))
    assert parse_config(shown, Path("/elsewhere/other.toml")).config == file.config


def test_what_is_shown_says_where_each_value_came_from() -> None:
    shown = list(effective(parse_config("[measure]\n\nseed = 3\n", FILE)))
    (seed,) = (line for line in shown if line.startswith("seed"))
    (engine,) = (line for line in shown if line.startswith("engine"))
    assert seed.split("#")[1].startswith(f" {FILE}:3: ")
    assert engine.split("#")[1].startswith(" default: ")


def test_a_certificate_and_its_key_encrypt_and_users_have_hashed_passwords() -> None:
    hash_ = hashed("secret")
    said = f'[exposition]\ncertificate = "c.pem"\nkey = "k.pem"\nclient_ca = "a.pem"\nusers = ["me:{hash_}"]'
    file = parse_config(said, FILE)
    exposition = file.config.exposition
    base = FILE.parent
    assert exposition.tls == TlsFiles(base / "c.pem", base / "k.pem", base / "a.pem")
    assert exposition.password_hashes == {"me": hash_}
    assert Config().exposition.tls is None
    shown = "\n".join(effective(file))
    assert "#users = (not shown)" in shown
    assert hash_ not in shown


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        ('certificate = "c.pem"', "exposition.certificate is set without key"),
        ('key = "k.pem"', "exposition.key is set without certificate"),
        ('client_ca = "a.pem"', "exposition.client_ca is set without certificate"),
        ('users = ["me:secret"]', "no name:hash; edged config hash-password prints"),
        ('users = "me:secret"', "exposition.users is not of the right kind"),
        ('users = [["me:secret"]]', "exposition.users is not of the right kind"),
        (f'users = ["me:{hashed("a")}", "me:{hashed("b")}"]', 'has the name "me" twice'),
    ],
)
def test_encryption_or_users_that_would_not_protect_are_refused(lines: str, complaint: str) -> None:
    said = refusal(f"[exposition]\n{lines}\n")
    assert complaint in said
    assert "secret" not in said


DEPLOYED = Path(__file__).parents[3] / "deploy/edged.toml"


def test_the_deployed_file_sets_nothing_but_where_the_daemon_keeps_its_files() -> None:
    assert tomllib.loads(DEPLOYED.read_text()) == {
        "measure": {},
        "models": {"directory": "/var/lib/edged/models"},
        "exposition": {},
        "journal": {"path": "/var/lib/edged/journal.db"},
        "schedule": {},
        "daemon": {},
    }
    config = read_config(DEPLOYED).config
    assert config.models.directory == Path("/var/lib/edged/models")
    assert config.journal == replace(Config().journal, path=Path("/var/lib/edged/journal.db"))


def test_the_deployed_file_explains_every_option_and_its_examples_can_be_used() -> None:
    uncommented = "\n".join(
        line[2:] if line.startswith(("# [", "# ")) and _is_toml(line[2:]) else line
        for line in DEPLOYED.read_text().splitlines()
    )
    # The example of weights says itself what it is for.
    file = parse_config(uncommented.replace('order = "sweep"', 'order = "weights"'), FILE)
    assert file.config.measure == Config().measure
    assert file.config.exposition.address == Config().exposition.address
    assert file.config.exposition.tls
    assert fits("secret", file.config.exposition.password_hashes["prometheus"])
    options = [line for line in effective(file) if "=" in line.split("#")[0]]
    assert len(options) > 30
    assert [line for line in options if "# default: " in line] == []
    assert [line.split()[0] for line in effective(file) if line.startswith("#")] == ["#users"]


def _is_toml(line: str) -> bool:
    try:
        tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return False
    return True


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        ('quiet_hours = ["22:00"]', 'quiet_hours has "22:00", which must be two times of the day'),
        ('quiet_hours = ["06:00-06:00"]', "which begins when it ends"),
        ('quiet_hours = ["06:00-18:00", "18:00-06:00"]', "schedule.quiet_hours are the whole day"),
        ("busy_until_cpus = 2.0", "schedule.busy_until_cpus is 2, above busy_cpus (1)"),
        ("max_duty_ratio = 0", "schedule.max_duty_ratio is 0.0, but must be above 0"),
        ("at_once = 0", "schedule.at_once is 0, but must be at least 1"),
        ('order = "random"', "none of sweep, weights"),
        ("workload = [{ weight = 0 }]", "schedule.workload[1].weight is 0, but must be at least 1"),
        (
            "workload = [{ weight = 2 }]",
            'schedule.workload[1].weight is set, but in schedule.order = "sweep" all have their turn equally',
        ),
        ('order = "sweep"\nworkload = [{}, { weight = 1 }]', "schedule.workload[2].weight is set, but"),
        (
            'workload = [{ model = "dor" }]',
            'schedule.workload[1].model is "dor", but no model has such a name',
        ),
        ('workload = [{ protocol = "bust" }]', "did you mean burst?"),
        ("workload = [{ enabled = false }]", "so that nothing would be measured"),
        (
            'workload = [{ model = "*_quant", enabled = true }, { enabled = false }, { every_s = 60 }]',
            "schedule.workload[2].enabled is false for every case",
        ),
        ('workload = [{ quiet_hours = ["00:00-24:00"] }]', "workload[1].quiet_hours are the whole day"),
    ],
)
def test_a_schedule_that_cannot_be_kept_is_refused(lines: str, complaint: str) -> None:
    assert complaint in refusal(f"[schedule]\n{lines}\n")


def test_all_may_be_switched_off_but_what_a_later_table_switches_on() -> None:
    workload = '[{ enabled = false }, { model = "*_quant", enabled = true }]'
    first, second = parse(f"schedule.workload = {workload}").schedule.workload
    assert (first.enabled, second.enabled) == (False, True)


def test_overrides_are_for_own_models_too() -> None:
    said = """
        [schedule]
        order = "weights"
        [[schedule.workload]]
        model = "door"
        weight = 4
        quiet_hours = ["23:00-05:00"]
        [[model]]
        name = "door"
        path = "door.tflite"
        precision = "fp32"
        """
    (entry,) = parse(said).schedule.entries_for("door", "big")
    assert (entry.weight, entry.quiet_hours, entry.every_s) == (4, ("23:00-05:00",), None)
    assert not list(parse(said).schedule.entries_for("mobilenet_v1_0.25_224", "big"))


def test_a_misspelt_table_has_its_line_and_hides_no_error_within() -> None:
    said = refusal("[protocol.x]\nmin_runs = -3\nfoo = 1\n")
    assert "edged.toml:1: protocol is not known here; did you mean protocols?" in said
    assert "edged.toml:2: protocol.x.min_runs is -3" in said
    assert "edged.toml:3: protocol.x.foo is not known here" in said


def test_a_table_that_is_like_nothing_known_is_only_unknown() -> None:
    said = refusal("[weather]\nmin_runs = -3\n")
    assert "edged.toml:1: weather is not known here" in said
    assert "min_runs" not in said.replace("warmup_runs", "")
