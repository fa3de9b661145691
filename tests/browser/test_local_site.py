"""Who may run code on the server that ``make`` starts: pages of this book in the browser of this person, once each."""

import asyncio
import gzip
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from live import TOOLS, own_server, served

from tests.waiting import comes_true

SOCKET = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    (folder / "index.html").write_text("<title>a page</title>")
    return folder


@pytest.fixture(scope="module")
def address(site):
    with own_server(site) as started:
        yield started


def ask(address, method, path, **headers):
    """The status and the body that the server gives; the host is the right one unless another is named."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=20)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    status, body = answer.status, answer.read().decode() if answer.status != 101 else ""
    connection.close()
    return status, body


def own(address):
    return {"Origin": address.rstrip("/")}


def knock(address, ticket, origin=None, host=None):
    """The status of a handshake with the kernel's socket."""
    headers = {**SOCKET, "Origin": origin or address.rstrip("/"), "Sec-WebSocket-Protocol": ticket}
    return ask(address, "GET", "/kernel/socket", **headers, **({"Host": host} if host else {}))[0]


def ticket(address):
    status, body = ask(address, "POST", "/kernel/ticket", **own(address))
    assert status == 200
    return body


def test_a_page_of_the_book_gets_a_kernel_for_its_ticket(address):
    assert knock(address, ticket(address)) == 101


def test_a_ticket_is_good_for_one_use(address):
    once = ticket(address)
    assert knock(address, once) == 101
    assert knock(address, once) == 403


def test_without_a_ticket_or_with_a_made_up_one_there_is_no_kernel(address):
    assert knock(address, "") == 403
    assert knock(address, "x" * 43) == 403


def test_a_foreign_page_gets_neither_a_ticket_nor_a_kernel(address):
    port = urlsplit(address).port
    for origin in ("http://evil.example", "null", f"http://127.0.0.1:{port + 1}", f"https://127.0.0.1:{port}"):
        assert ask(address, "POST", "/kernel/ticket", Origin=origin)[0] == 403, origin
        assert knock(address, ticket(address), origin=origin) == 403, origin


def test_a_packed_copy_is_handed_out_where_it_is_wanted_and_not_older_than_the_page(site, address):
    def asked(**headers):
        with urllib.request.urlopen(urllib.request.Request(f"{address}long.css", headers=headers)) as answer:
            return answer.headers["Content-Encoding"], answer.headers["Content-Type"], answer.read()

    page, packed = site / "long.css", site / "long.css.gz"
    page.write_text("a{}")
    packed.write_bytes(gzip.compress(b"packed"))
    wanted = {"Accept-Encoding": "br, gzip"}
    assert asked(**wanted) == ("gzip", "text/css", packed.read_bytes())
    assert asked() == (None, "text/css", b"a{}")
    os.utime(packed, (1, 1))
    assert asked(**wanted) == (None, "text/css", b"a{}")


def test_a_request_without_an_origin_gets_no_ticket(address):
    assert ask(address, "POST", "/kernel/ticket")[0] == 403


def test_a_name_made_to_point_here_gets_nothing_at_all(address):
    name = f"evil.example:{urlsplit(address).port}"
    assert ask(address, "GET", "/", Host=name)[0] == 403
    assert ask(address, "POST", "/kernel/ticket", Host=name, Origin=f"http://{name}")[0] == 403
    assert knock(address, ticket(address), origin=f"http://{name}", host=name) == 403


def test_no_answer_may_be_read_by_another_site(address):
    connection = HTTPConnection(urlsplit(address).netloc, timeout=20)
    connection.request("OPTIONS", "/kernel/ticket", headers={"Origin": "http://evil.example"})
    answer = connection.getresponse()
    assert answer.status in (403, 405)
    assert not [name for name, _ in answer.getheaders() if name.lower().startswith("access-control")]
    connection.close()


def test_the_server_is_not_seen_from_the_network(address):
    port = urlsplit(address).port
    others = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), port, socket.AF_INET)} - {"127.0.0.1"}
    for other in others | {"127.0.0.2"}:
        with socket.socket() as probe:
            probe.settimeout(5)
            assert probe.connect_ex((other, port)) != 0, other


def test_no_ticket_stands_in_a_page_an_address_or_a_header(address):
    connection = HTTPConnection(urlsplit(address).netloc, timeout=20)
    connection.request("GET", "/")
    answer = connection.getresponse()
    assert answer.getheader("Set-Cookie") is None
    assert answer.read() == b"<title>a page</title>"
    connection.close()


@pytest.mark.skipif(
    not os.path.exists("/proc/net/tcp") or os.getuid() != 0, reason="only root on Linux can be two people"
)
def test_another_person_on_this_machine_gets_no_ticket(address):
    code = (
        "import http.client, sys; c = http.client.HTTPConnection(sys.argv[1]);"
        "c.request('POST', '/kernel/ticket', headers={'Origin': 'http://' + sys.argv[1]});"
        "print(c.getresponse().status)"
    )
    other = subprocess.run(
        ["/usr/bin/env", "python3", "-c", code, urlsplit(address).netloc], user=65534, capture_output=True, text=True
    )
    assert other.stdout.strip() == "403", other.stderr


def test_nothing_outside_the_site_is_served(address):
    for path in ("/../", "/%2e%2e/", "/..%2f..%2fetc/passwd", "//etc/passwd"):
        status, body = ask(address, "GET", path + "etc/passwd")
        assert status in (403, 404), path
        assert "root:" not in body


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def kernel_of(address):
    """The process of a kernel that a page started and left running an endless loop, and what closes that page."""
    sys.path.insert(0, str(TOOLS))
    from tornado.httpclient import HTTPRequest
    from tornado.ioloop import IOLoop
    from tornado.websocket import websocket_connect

    async def start():
        request = HTTPRequest(f"{address.replace('http', 'ws')}kernel/socket", headers=own(address))
        line = await websocket_connect(request, subprotocols=[ticket(address)])
        assert json.loads(await line.read_message())["msg_type"] == "ready"
        header = {
            "msg_id": "1",
            "msg_type": "execute_request",
            "session": "s",
            "username": "",
            "version": "5.4",
            "date": "",
        }
        content = {"code": "import os; print(os.getpid(), flush=True)\nwhile True: pass", "silent": False}
        await line.write_message(json.dumps({"header": header, "content": content}))
        while (said := json.loads(await line.read_message()))["msg_type"] != "stream":
            pass
        return int(said["content"]["text"]), line

    loop = IOLoop(make_current=False)
    pid, line = loop.run_sync(start, timeout=60)

    async def close():
        line.close()

    return pid, lambda: loop.run_sync(close, timeout=20)


def test_a_kernel_that_its_page_and_the_server_end_at_once_ends_without_a_word(tmp_path):
    sys.path.insert(0, str(TOOLS))
    from kernels import Kernel

    async def ended_twice():
        kernel = Kernel(tmp_path, lambda message: None)
        await kernel.start()
        pid = kernel.manager.provisioner.pid
        await asyncio.gather(kernel.stop(), kernel.stop())
        return pid

    assert not alive(asyncio.run(ended_twice()))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_the_server_ends_every_kernel(site, number):
    process, address = served(site)
    pid, _close = kernel_of(address)
    assert alive(pid)
    process.send_signal(number)
    assert process.wait(20) == 0
    process.stdout.close()
    assert gone(pid)


def test_closing_the_page_ends_its_kernel(address):
    pid, close = kernel_of(address)
    assert alive(pid)
    close()
    assert gone(pid)


def gone(pid):
    return comes_true(lambda: not alive(pid))
