"""Who may ask: certificates and passwords, over real sockets."""

import base64
import errno
import http.client
import shutil
import socket
import ssl
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from edged.clock import SystemClock
from edged.errors import UsageError
from edged.exposition.address import Address
from edged.exposition.encryption import Encryption
from edged.exposition.http import MetricsServer
from edged.exposition.limits import Limits
from edged.exposition.password import hashed
from edged.exposition.scrape import registry_of
from edged.exposition.tls_files import TlsFiles
from tests.unit.exposition.facts import SNAPSHOT

LOOPBACK = Address("127.0.0.1", 0)
REGISTRY = registry_of(lambda: SNAPSHOT, SystemClock())


def pair(directory: Path, name: str) -> tuple[Path, Path]:
    """A certificate that signs itself, and its key."""
    certificate, key = directory / f"{name}.pem", directory / f"{name}.key"
    words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    extension = ["-addext", "subjectAltName=IP:127.0.0.1"]
    openssl(*words.split(), *extension, "-keyout", str(key), "-out", str(certificate))
    return certificate, key


def openssl(*arguments: str) -> None:
    command = shutil.which("openssl")
    if command is None:
        pytest.skip("there is no openssl here to make a certificate with")
    subprocess.run([command, *arguments], check=True, capture_output=True)


def expired(directory: Path) -> tuple[Path, Path]:
    """A certificate of January 2020, and its key."""
    certificate, key = pair(directory, "expired")
    request, configuration = directory / "request.pem", directory / "ca.cnf"
    (directory / "index.txt").touch()
    configuration.write_text(
        "[ca]\ndefault_ca=a\n[a]\ndefault_md=sha256\npolicy=p\nrand_serial=yes\n"
        f"new_certs_dir={directory}\ndatabase={directory}/index.txt\n[p]\ncommonName=supplied\n"
    )
    openssl("req", "-new", "-key", str(key), "-subj", "/CN=localhost", "-out", str(request))
    signed = ["ca", "-batch", "-selfsign", "-notext", "-config", str(configuration), "-keyfile", str(key)]
    dates = ["-startdate", "20200101000000Z", "-enddate", "20200201000000Z"]
    openssl(*signed, *dates, "-in", str(request), "-out", str(certificate))
    return certificate, key


def status(server: MetricsServer, context: ssl.SSLContext, password: str = "") -> int:
    connection = http.client.HTTPSConnection(
        server.address.host, server.address.port, context=context, timeout=10
    )
    headers = {"Authorization": f"Basic {base64.b64encode(password.encode()).decode()}"} if password else {}
    try:
        connection.request("GET", "/metrics", headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()


def test_metrics_are_encrypted_with_the_certificate(tmp_path: Path) -> None:
    certificate, key = pair(tmp_path, "server")
    with MetricsServer(REGISTRY, LOOPBACK, tls=TlsFiles(certificate, key)) as server:
        assert status(server, ssl.create_default_context(cafile=certificate)) == 200
        with pytest.raises(ssl.SSLCertVerificationError):
            status(server, ssl.create_default_context())


def test_the_address_that_people_are_told_says_whether_it_is_encrypted(tmp_path: Path) -> None:
    with MetricsServer(REGISTRY, LOOPBACK, tls=TlsFiles(*pair(tmp_path, "server"))) as server:
        assert server.metrics_url == f"https://{server.address}/metrics"
    with MetricsServer(REGISTRY, LOOPBACK) as server:
        assert server.metrics_url == f"http://{server.address}/metrics"


def test_a_client_without_the_right_certificate_is_refused(tmp_path: Path) -> None:
    certificate, key = pair(tmp_path, "server")
    own, own_key = pair(tmp_path, "client")
    other, other_key = pair(tmp_path, "other")
    context = ssl.create_default_context(cafile=certificate)
    with MetricsServer(REGISTRY, LOOPBACK, tls=TlsFiles(certificate, key, client_ca=own)) as server:
        with pytest.raises(OSError, match=r"(?i)certificate|reset|closed|EOF"):
            status(server, context)
        context.load_cert_chain(other, other_key)
        with pytest.raises(OSError, match=r"(?i)unknown|reset|closed|EOF"):
            status(server, context)
        context = ssl.create_default_context(cafile=certificate)
        context.load_cert_chain(own, own_key)
        assert status(server, context) == 200


def test_files_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    certificate, key = pair(tmp_path, "server")
    _, other_key = pair(tmp_path, "other")
    rubbish = tmp_path / "rubbish.pem"
    rubbish.write_text("rubbish")
    for files, said in (
        (
            TlsFiles(tmp_path / "no.pem", key),
            "exposition.certificate: .*no.pem: cannot be read: No such file",
        ),
        (TlsFiles(certificate, tmp_path), "exposition.key: .*: cannot be read: Is a directory"),
        (TlsFiles(certificate, other_key), "other.key: is not the key of the certificate"),
        (TlsFiles(rubbish, key), "rubbish.pem.*: are no certificate and key in PEM format"),
        (TlsFiles(certificate, key, rubbish), "exposition.client_ca: .*: has no certificate"),
    ):
        with pytest.raises(UsageError, match=said):
            MetricsServer(REGISTRY, LOOPBACK, tls=files)


def test_only_users_with_their_password_are_answered(tmp_path: Path) -> None:
    certificate, key = pair(tmp_path, "server")
    context = ssl.create_default_context(cafile=certificate)
    users = {"me": hashed("secret: é")}
    with MetricsServer(REGISTRY, LOOPBACK, tls=TlsFiles(certificate, key), users=users) as server:
        asked = ["", "me:secret: é", "you:secret: é", "me:secret: é"]
        assert [status(server, context, each) for each in asked] == [401, 200, 401, 200]


def test_an_expired_certificate_is_refused_at_the_start(tmp_path: Path) -> None:
    certificate, key = expired(tmp_path)
    with pytest.raises(UsageError, match=r"exposition\.certificate: .*expired\.pem: has expired; renew it"):
        Encryption(TlsFiles(certificate, key))


def test_a_certificate_from_the_future_is_used_for_a_board_may_begin_in_the_past(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def not_yet(*_: object) -> None:
        error = ssl.SSLCertVerificationError("not yet")
        error.verify_code = 9
        raise error

    monkeypatch.setattr("edged.exposition.certificate._shake_hands", not_yet)
    Encryption(TlsFiles(*pair(tmp_path, "server")))
    assert "is not valid yet by this machine's clock" in caplog.text


@pytest.mark.parametrize("mode", [0o604, 0o666, 0o602])
def test_a_key_that_everybody_may_open_is_refused(tmp_path: Path, mode: int) -> None:
    certificate, key = pair(tmp_path, "server")
    key.chmod(mode)
    with pytest.raises(UsageError, match=r"every user of this machine may open the private key; take that"):
        Encryption(TlsFiles(certificate, key))


def test_a_renewed_certificate_is_served_and_a_half_renewed_one_is_not(tmp_path: Path) -> None:
    files = TlsFiles(*pair(tmp_path, "server"))
    encryption = Encryption(files)
    first = encryption.context()
    encryption.renew()
    assert encryption.context() is first
    new_certificate, new_key = pair(tmp_path, "new")
    new_certificate.replace(files.certificate)
    encryption.renew()
    assert encryption.context() is first
    new_key.replace(files.key)
    encryption.renew()
    assert encryption.context() is not first


def test_files_that_go_while_they_are_read_do_not_end_renewing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = TlsFiles(*pair(tmp_path, "server"))
    encryption = Encryption(files)
    first = encryption.context()

    def gone(_: ssl.SSLContext, path: Path) -> None:
        raise FileNotFoundError(errno.ENOENT, "No such file or directory", str(path))

    for name, place in zip(("certificate", "key"), pair(tmp_path, "new"), strict=True):
        place.replace(getattr(files, name))
    with monkeypatch.context() as patch:
        patch.setattr("edged.exposition.encryption.check_certificate", gone)
        encryption.renew()
    assert encryption.context() is first
    files.key.touch()
    encryption.renew()
    assert encryption.context() is not first


def test_a_server_that_is_asked_to_serves_a_renewed_certificate_at_once(tmp_path: Path) -> None:
    certificate, key = pair(tmp_path, "server")
    new_certificate, new_key = pair(tmp_path, "new")
    renewed = ssl.PEM_cert_to_DER_cert(new_certificate.read_text())
    with MetricsServer(REGISTRY, LOOPBACK, tls=TlsFiles(certificate, key)) as server:
        place = (server.address.host, server.address.port)
        new_key.replace(key)
        new_certificate.replace(certificate)
        server.renew()
        # Without being asked it would look after half a minute.
        deadline_s = time.monotonic() + 20
        while ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate(place)) != renewed:
            assert time.monotonic() < deadline_s, "the old certificate is still served"
            time.sleep(0.05)


def test_versions_before_tls_1_2_are_refused(tmp_path: Path) -> None:
    context = Encryption(TlsFiles(*pair(tmp_path, "server"))).context()
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2


def test_clear_text_where_tls_is_spoken_and_handshakes_that_never_end_hurt_nobody_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    certificate, key = pair(tmp_path, "server")
    context = ssl.create_default_context(cafile=certificate)
    with (
        MetricsServer(REGISTRY, LOOPBACK, Limits(connections=20), tls=TlsFiles(certificate, key)) as server,
        ExitStack() as stack,
    ):
        place = (server.address.host, server.address.port)
        for begun in (b"", b"\x16", b"\x16\x03\x01\x02\x00", b"GET /metrics HTTP/1.1\r\n\r\n", b"\xff" * 100):
            for _ in range(8):
                stack.enter_context(socket.create_connection(place)).sendall(begun)
        assert status(server, context) == 200
    assert "Traceback" not in caplog.text
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
