"""Which addresses a cluster may have."""

from __future__ import annotations

import json
import socket
from contextlib import suppress
from pathlib import Path
from threading import Thread

import dask
import pytest

from netart.errors import NetartError
from netart.farm import cluster
from netart.farm.cluster import Cluster, is_loopback


@pytest.mark.parametrize(
    "address",
    ["local", "local:1", "local:1024", "tcp://127.0.0.1:8786", "tcp://localhost:1", "tls://far:2",
     "tcp://[::1]:8786", "tcp://127.9.9.9:8786"],
)  # fmt: skip
def test_safe_addresses_are_taken(address: str) -> None:
    Cluster(address)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("local:0", "local:N starts N workers"),
        ("local:", "local:N starts N workers"),
        ("local:²", "local:N starts N workers"),
        ("local:1025", "at most 1,024 workers"),
        ("nowhere.json", "must be local, local:4"),
        ("tcp://127.0.0.1", "must be local"),
        ("tcp://127.0.0.1:99999", "must be local"),
        ("http://127.0.0.1:80", "must be local"),
        ("inproc://127.0.0.1:80", "must be local"),
        ("tcp://10.0.0.3:8786", "without TLS"),
        ("tcp://0.0.0.0:8786", "without TLS"),
        ("tcp://127.0.0.1.example.org:8786", "without TLS"),
    ],
)
def test_others_are_refused_in_one_line(address: str, message: str) -> None:
    with pytest.raises(NetartError, match=message) as caught:
        Cluster(address)
    assert caught.value.field == "farm" and "\n" not in str(caught.value)


def test_without_tls_a_closed_network_is_said_to_be_one() -> None:
    with pytest.raises(NetartError, match=r"insecure$") as caught:
        Cluster("tcp://10.0.0.3:8786")
    assert caught.value.hint == "insecure"
    Cluster("tcp://10.0.0.3:8786", insecure=True)


def test_the_file_of_a_scheduler_says_its_address(tmp_path: Path) -> None:
    file = tmp_path / "scheduler.json"
    file.write_text(json.dumps({"address": "tcp://127.0.0.1:8786"}))
    Cluster(str(file))
    for content, message in (
        ('{"address": "tcp://10.0.0.3:8786"}', "without TLS"),
        ("{}", "is not the file of a scheduler"),
        ("[1]", "is not the file of a scheduler"),
        ("", "is not the file of a scheduler"),
        ('{"address": 7}', "must be local"),
    ):
        file.write_text(content)
        with pytest.raises(NetartError, match=message):
            Cluster(str(file))
    with pytest.raises(NetartError, match="directory"):
        Cluster(str(tmp_path))


def test_this_machine_is_known_by_its_addresses() -> None:
    assert is_loopback("tcp://127.0.0.1:1") and is_loopback("tcp://[::1]:1")
    assert not is_loopback("tcp://192.168.0.1:1") and not is_loopback("tcp://10.0.0.1:1")


@pytest.mark.parametrize(
    ("banner", "message"),
    [
        (b"", "no scheduler answers in 1 s"),
        (b"SSH-2.0-OpenSSH_9\r\n", "no scheduler answers without TLS: "),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "no scheduler answers without TLS: "),
    ],
)
def test_a_port_that_speaks_something_else_costs_one_line(
    banner: bytes, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "CONNECT_S", 1.0)

    def answer(server: socket.socket) -> None:
        with server.accept()[0] as accepted:
            accepted.sendall(banner)
            with suppress(ConnectionError):
                while accepted.recv(1000):
                    pass

    with socket.create_server(("127.0.0.1", 0)) as server:
        answering = Thread(target=answer, args=(server,))
        answering.start()
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(NetartError, match=message) as caught, Cluster(address).connect():
            pass
        answering.join()
    assert "\n" not in str(caught.value)


def test_what_tls_lacks_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("")
    given = {"distributed.comm.tls.ca-file": str(tmp_path / "ca.pem")}
    for more, message in (
        ("", "takes certificates and a key"),
        (str(tmp_path / "none.pem"), r"there is no file .*none\.pem"),
        (str(tmp_path / "ca.pem"), "its certificates and key: "),
    ):
        own = {f"distributed.comm.tls.client.{name}": more for name in ("cert", "key") if more}
        with (
            dask.config.set(given | own),
            pytest.raises(NetartError, match=message) as caught,
            Cluster("tls://127.0.0.1:8786").connect(),
        ):
            pass
        assert "\n" not in str(caught.value)
