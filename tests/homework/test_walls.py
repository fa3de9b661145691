# ruff: noqa: E501 (code is quoted as one line)
"""Attacks on memory, time, sockets, namespaces, system calls and files: each is refused or ended, and beside each
stands an honest use of the same kind, in the same notebook, which loses nothing.
"""

import errno
import os
import platform
import struct
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from lrcore.homework.sandbox import bubblewrap, cgroups, protocol, rehearsal, seccomp, watch

# By the clock there is plenty, so that a busy machine ends nothing for another reason than the one that is tried.
LIMITS = bubblewrap.Limits(cpu=2, total_cpu=6, asleep=0.8, wall=120.0, memory=700_000_000, made=400)
SHORT = {"wall": 1.5, "total_wall": 4.0}
HELP = """
import ctypes, errno, os, platform, time
libc = ctypes.CDLL(None, use_errno=True)
def said(what):
    try: return what()
    except BaseException as error: return type(error).__name__
def call(name, *arguments):
    ctypes.set_errno(0)
    given = libc.syscall(name, *arguments) if isinstance(name, int) else getattr(libc, name)(*arguments)
    return errno.errorcode.get(ctypes.get_errno(), str(given))
x86 = platform.machine() == "x86_64"
"""


def ran(attack, honest, **more):
    """What the honest lines answer, what the attack behind them answers, and how the sandbox ended."""
    cells = [
        {"source": HELP, "questions": []},
        {"source": honest, "questions": [{"id": "fine", "name": "fine", "cases": [None]}]},
        {"source": attack, "questions": [{"id": "got", "name": "got", "cases": [None]}]},
    ]
    outcome = bubblewrap.run({"cells": cells, "skip": [], "answered": []}, replace(LIMITS, **more))
    found = protocol.read(outcome.lines, LIMITS.output)
    assert 1 not in {place for place, error in found.cells.items() if error}, found.cells
    answers = {name: said[0].value for name, said in found.answers.items()}
    return answers.get("fine"), answers.get("got"), outcome


# Each is: the attack, what it gets, an honest use.
REFUSED = {
    "memory: SysV": (
        "got = call('shmget', 0, 1 << 20, 0o1600)",
        "EPERM",
        "from multiprocessing.shared_memory import SharedMemory\nheld = SharedMemory(create=True, size=1000)\nheld.buf[0] = 7\nfine = held.buf[0] == 7\nheld.close(); held.unlink()",
    ),
    "memory: memfd": (
        "got = call('memfd_create', b'x', 0)",
        "EPERM",
        "import tempfile\nwith tempfile.TemporaryFile() as file: fine = file.write(b'x' * 100_000) == 100_000",
    ),
    "memory: shared without a file": (
        "import mmap\ndef hold():\n    one = mmap.mmap(-1, 300_000_000); one.write(b'x' * 300_000_000); one.madvise(mmap.MADV_DONTNEED); return 'held'\ngot = said(hold)",
        "PermissionError",
        "import mmap\none = mmap.mmap(-1, 10_000_000, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)\none[:4] = b'fine'\nfine = one[:4] == b'fine'",
    ),
    "memory: shared through a device": (
        "import mmap\ngot = said(lambda: mmap.mmap(os.open('/dev/zero', os.O_RDWR), 300_000_000))",
        "FileNotFoundError",
        "import numpy as np\none = np.memmap('/tmp/held', mode='w+', shape=(1000,)); one[:] = 1; fine = bool(one.sum() == 1000)",
    ),
    "memory: POSIX": (
        "def hold():\n    try:\n        for k in range(50): open(f'/dev/shm/{k}', 'wb').write(b'x' * 1_000_000)\n    except OSError: return errno.errorcode[28] if k <= 5 else k\ngot = hold()",
        "ENOSPC",
        "import multiprocessing\nline = multiprocessing.Queue(); line.put(3); fine = line.get() == 3\nwith multiprocessing.Pool(2) as pool: fine = fine and pool.map(abs, [-1, 2]) == [1, 2]",
    ),
    "memory: huge pages": (
        "import mmap\ngot = said(lambda: mmap.mmap(-1, 1 << 21, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x40000))",
        "PermissionError",
        "import numpy as np\nfine = bool(np.ones(20_000_000).sum() == 20_000_000)",
    ),
    "memory: pipes of a megabyte": (
        "import fcntl\ngot = said(lambda: fcntl.fcntl(os.pipe()[1], 1031, 1 << 20))",
        "PermissionError",
        "import subprocess\nfine = subprocess.run('echo fine | cat', shell=True, capture_output=True).stdout == b'fine\\n'",
    ),
    "memory: many open files": (
        "def hold(held):\n    try:\n        while True: held += os.pipe()\n    except OSError as error: [os.close(one) for one in held]; return errno.errorcode[error.errno]\ngot = hold([])",
        "EMFILE",
        "held = [open('/dev/null') for _ in range(60)]\nfine = len(held) == 60\n[one.close() for one in held]",
    ),
    "memory: notes on files": (
        "open('/tmp/x', 'w').close()\ngot = said(lambda: os.setxattr('/tmp/x', 'user.x', b'x' * 60_000))",
        "PermissionError",
        "open('/tmp/y', 'w').close(); os.chmod('/tmp/y', 0o600); os.utime('/tmp/y'); fine = os.stat('/tmp/y').st_mode & 0o777 == 0o600",
    ),
    "files: one that is large and empty": (
        "def hold():\n    with open('/tmp/x', 'wb') as file: file.truncate(100_000_000)\ngot = said(hold)",
        "OSError",
        "with open('/tmp/y', 'wb') as file: file.truncate(1_000_000)\nfine = os.path.getsize('/tmp/y') == 1_000_000",
    ),
    "sockets: the internet": (
        "import socket\ngot = said(lambda: socket.socket(socket.AF_INET)) + said(lambda: socket.socket(socket.AF_INET6))",
        "PermissionErrorPermissionError",
        "import asyncio\nasync def three(): return 3\nfine = asyncio.run(three()) == 3",
    ),
    "sockets: kernel, packets, the host": (
        "import socket\ngot = str({said(lambda: socket.socket(family, socket.SOCK_RAW)) for family in (16, 17, 38, 40, 44)})",
        "{'PermissionError'}",
        "import socket\na, b = socket.socketpair(); a.send(b'fine'); fine = b.recv(4) == b'fine'",
    ),
    "sockets: a family with other bits set": (
        "got = call('socket', ctypes.c_long(2 | 1 << 32), 1, 0) + call('socketpair', ctypes.c_long(2 | 1 << 32), 1, 0, (ctypes.c_int * 2)())",
        "EPERMEPERM",
        "import socket\nserver = socket.socket(socket.AF_UNIX); server.bind('/tmp/s'); server.listen()\nclient = socket.socket(socket.AF_UNIX); client.connect('/tmp/s'); fine = True",
    ),
    "namespaces: unshare": (
        "got = str({call('unshare', flag) for flag in (0x10000000, 0x20000, 0x40000000, 0x10020000)})",
        "{'EPERM'}",
        "import threading\nfound = []\none = threading.Thread(target=found.append, args=(1,)); one.start(); one.join(); fine = found == [1]",
    ),
    "namespaces: clone": (
        "got = call(56 if x86 else 220, 0x10000011, 0, 0, 0, 0)",
        "EPERM",
        "pid = os.fork()\nif pid == 0: os._exit(3)\nfine = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 3",
    ),
    "namespaces: clone3": (
        "got = call(435, (ctypes.c_ulonglong * 11)(0x10000000, 0, 0, 0, 17), 88)",
        "ENOSYS",
        "from concurrent.futures import ProcessPoolExecutor\nwith ProcessPoolExecutor(2) as pool: fine = list(pool.map(abs, [-1])) == [1]",
    ),
    "namespaces: others'": (
        "got = said(lambda: os.open('/proc/1/ns/mnt', 0)) if False else call('setns', 0, 0)",
        "EPERM",
        "fine = os.readlink('/proc/self/ns/pid').startswith('pid:')",
    ),
    "namespaces: mounts": (
        "got = str({call('mount', b'x', b'/tmp', b'tmpfs', 0, 0), call('umount2', b'/usr', 0), call('chroot', b'/tmp'), call('pivot_root', b'/tmp', b'/tmp')})",
        "{'EPERM'}",
        "os.makedirs('/tmp/a/b'); os.chdir('/tmp/a'); fine = os.getcwd() == '/tmp/a'; os.chdir('/tmp')",
    ),
    "system calls: other processes": (
        "got = str({call('ptrace', 16, 1, 0, 0), call('process_vm_readv', 1, 0, 0, 0, 0, 0), call('process_vm_writev', 1, 0, 0, 0, 0, 0)})",
        "{'EPERM'}",
        "import signal\npid = os.fork()\nif pid == 0: time.sleep(9)\nos.kill(pid, signal.SIGTERM); fine = os.waitpid(pid, 0)[1] == signal.SIGTERM",
    ),
    "system calls: the kernel's own machines": (
        "got = str({call(number, 0, 0, 0, 0, 0) for number in ((321, 298, 323, 425, 246) if x86 else (280, 241, 282, 425, 104))})",
        "{'EPERM'}",
        "import sympy\nx = sympy.Symbol('x'); fine = bool(sympy.lambdify(x, x ** 2)(3) == 9)",
    ),
    "system calls: keys": (
        "got = call(250 if x86 else 219, 0, -3, 0, 0) + call(248 if x86 else 217, b'user', b'x', b'y', 1, -3)",
        "EPERMEPERM",
        "import hashlib, secrets\nfine = len(hashlib.sha256(secrets.token_bytes(8)).digest()) == 32",
    ),
    "system calls: of another width": (
        "got = call(39 | 0x40000000) if x86 else 'EPERM'",
        "EPERM",
        "import statistics, random, itertools, sqlite3\ndb = sqlite3.connect('/tmp/db'); db.execute('create table t (x)'); fine = db.execute('select 1').fetchone() == (1,)",
    ),
    "system calls: typing into a terminal": (
        "got = call('ioctl', 0, 0x5412, b'x') + call('ioctl', 0, 0x541C, b'x')",
        "EPERMEPERM",
        "import shutil\nfine = shutil.get_terminal_size().columns > 0",
    ),
    "system calls: rank": (
        "got = call('setpriority', 0, 0, -20) + call('sched_setscheduler', 0, 1, b'1234') + call('mlockall', 3)",
        "EPERMEPERMEPERM",
        "fine = len(os.sched_getaffinity(0)) > 0",
    ),
    "system calls: the whole machine's disks": (
        "got = call('sync') if False else call(162 if x86 else 81) + call('reboot', 0)",
        "EPERMEPERM",
        "with open('/tmp/x', 'w') as file:\n    file.write('x'); file.flush(); os.fsync(file.fileno())\nfine = True",
    ),
    "files: a pipe with a name, read for ever": (
        "got = said(lambda: os.mkfifo('/tmp/f')) + said(lambda: os.mknod('/tmp/d', 0o60600, 1))",
        "PermissionErrorPermissionError",
        "a, b = os.pipe(); os.write(b, b'fine'); fine = os.read(a, 4) == b'fine'",
    ),
    "files: devices": (
        "got = str([name for name in os.listdir('/dev') if name not in ('null', 'random', 'urandom', 'stdin', 'stdout', 'stderr', 'fd', 'shm')])",
        "[]",
        "fine = len(open('/dev/urandom', 'rb').read(8)) == 8 and open('/dev/null', 'w').write('x') == 1",
    ),
    "files: what the grader was started with": (
        "got = str([name for name in ('environ', 'mem', 'root/etc/shadow') if said(lambda: open(f'/proc/1/{name}', 'rb').read(9)) not in (b'', 'PermissionError', 'FileNotFoundError', 'OSError')])",
        "[]",
        "fine = open('/proc/self/stat').read() != ''",
    ),
    "files: the kernel's switches": (
        "got = str([name for name in ('sys/kernel/core_pattern', 'sysrq-trigger', 'sys/vm/drop_caches', 'kcore', 'kmsg') if said(lambda: open(f'/proc/{name}', 'r+')) not in ('PermissionError', 'FileNotFoundError', 'OSError')])",
        "[]",
        "fine = 'MemTotal' in open('/proc/meminfo').read()",
    ),
    "fork: threads without end": (
        "import threading\ndef more():\n    for k in range(300): threading.Thread(target=time.sleep, args=(0.5,)).start()\ngot = said(more)",
        "RuntimeError",
        "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(8) as pool: fine = list(pool.map(abs, [-1, 2])) == [1, 2]",
    ),
    "fork: raising the limits": (
        "import resource\ngot = str({said(lambda: resource.setrlimit(one, (10 ** 9, 10 ** 9))) for one in (resource.RLIMIT_NPROC, resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE, resource.RLIMIT_CPU)})",
        "{'ValueError'}",
        "import resource\nfine = resource.getrlimit(resource.RLIMIT_NOFILE)[0] >= 100",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_notebook_needs_is_refused_and_its_honest_neighbour_works(name):
    attack, gets, honest = REFUSED[name]
    fine, got, outcome = ran(attack, honest)
    assert fine is True
    assert got == gets
    assert outcome.ended == "closed"


ENDED = {
    "time: ten days asleep": ("time.sleep(10 ** 6)", "asleep", "time.sleep(0.3); time.sleep(0.3); fine = True"),
    "time: asleep in small pieces": (
        "while True:\n    time.sleep(0.05)\n    sum(range(20_000))",
        "wall",
        "for _ in range(5): time.sleep(0.1)\nfine = True",
    ),
    "time: a lock that nobody opens": (
        "import threading\none = threading.Lock(); one.acquire(); one.acquire()",
        "asleep",
        "import threading\none = threading.Lock()\nwith one: fine = True",
    ),
    "time: an alarm clock that rings on": (
        "import signal\nsignal.signal(signal.SIGALRM, lambda *_: None)\nsignal.setitimer(signal.ITIMER_REAL, 0.02, 0.02)\nwhile True: signal.pause()",
        "wall",
        "import signal\nsignal.signal(signal.SIGALRM, lambda *_: None)\nsignal.setitimer(signal.ITIMER_REAL, 0.1); signal.pause(); fine = True",
    ),
    "time: a child that trickles": (
        "if os.fork() == 0:\n    while True:\n        time.sleep(0.05)\n        sum(range(20_000))\nos.wait()",
        "wall",
        "import subprocess, sys\nfine = subprocess.run(['sleep', '0.2']).returncode == 0",
    ),
    "time: a parent that the kernel calls busy": (  # it waits for its child as for a disk
        "if libc.vfork() == 0: libc.pause()",
        "wall",
        "import subprocess\nfine = subprocess.run(['true']).returncode == 0",
    ),
    "time: a clock set back by words": (
        "while True:\n    os.write(3, b'\\n')\n    time.sleep(0.05)",
        "wall",
        "print('x' * 100_000); fine = True",
    ),
    "memory: empty files without end": (
        "for k in range(10 ** 7): open(f'/tmp/{k}', 'w').close()",
        "memory",
        "for k in range(200): open(f'/tmp/a{k}', 'w').close()\nfine = True\nfor k in range(200): os.unlink(f'/tmp/a{k}')",
    ),
    "memory: folders in folders": (
        "os.chdir('/tmp')\nwhile True: os.mkdir('x'); os.chdir('x')",
        "memory",
        "os.makedirs('/tmp/a/b/c/d'); fine = os.path.isdir('/tmp/a/b/c')",
    ),
    "memory: of many processes": (
        "for _ in range(10):\n    if os.fork() == 0:\n        held = b'x' * 200_000_000; time.sleep(60)\ntime.sleep(60)",
        "memory",
        "import numpy as np\nheld = np.ones(20_000_000)\nborn = []\nfor _ in range(4):\n    pid = os.fork()\n    if pid == 0: held.sum(); time.sleep(0.3); os._exit(0)\n    born.append(pid)\nfine = all(os.waitpid(pid, 0)[1] == 0 for pid in born)",
    ),
    "fork: children that spin together": (
        "for _ in range(8):\n    if os.fork() == 0:\n        while True: pass\ntime.sleep(60)",
        "cpu",
        "pid = os.fork()\nif pid == 0: sum(range(10 ** 6)); os._exit(0)\nfine = os.waitpid(pid, 0)[1] == 0",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ENDED)
def test_what_does_not_end_is_ended_and_its_honest_neighbour_has_answered(name):
    attack, why, honest = ENDED[name]
    fine, got, outcome = ran(attack, honest, cpu=1, total_cpu=2, **(SHORT if why == "wall" else {}))
    assert fine is True
    assert got is None
    assert outcome.ended == why


# ---------------------------------------------------------------------- the filter itself


def decided(program, machine, number, arguments=()):
    """What the filter answers to a call, worked out by hand: the kernel's little machine has six instructions here."""
    kernel = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}[machine]
    data = struct.pack("<IIQ6Q", number, kernel, 0, *(tuple(arguments) + (0,) * 6)[:6])
    lines, at, held = list(struct.iter_unpack("=HBBI", program)), 0, 0
    while True:
        code, yes, no, value = lines[at]
        at += 1
        if code == 0x06:
            return value
        if code == 0x20:
            held = struct.unpack_from("<I", data, value)[0]
        elif code == 0x54:
            held &= value
        else:
            at += yes if (held == value if code == 0x15 else held & value) else no


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_filter_lets_the_list_through_and_answers_eperm_to_all_else_on_both_processors(machine):
    program, listed = seccomp.program(machine), seccomp.allowed(machine)
    looked_at = {"socket", "socketpair"}  # refused unless local
    through = {number for number in range(600) if decided(program, machine, number) == 0x7FFF0000}
    assert through == {number for name, number in listed.items() if name not in looked_at}
    answers = Counter(decided(program, machine, number) for number in range(600) if number not in listed.values())
    assert answers == {0x50000 | errno.EPERM: 600 - len(listed) - 1, 0x50000 | errno.ENOSYS: 1}
    for name in looked_at:
        assert decided(program, machine, listed[name], [1]) == 0x7FFF0000
        assert decided(program, machine, listed[name], [2]) == 0x50000 | errno.EPERM
    refused = [("clone", [0x10000011]), ("clone", [0x20000]), ("fcntl", [3, 1031]), ("ioctl", [0, 0x5412]), ("ioctl", [0, 0x541C]),
               ("madvise", [0, 0, 21]), ("mmap", [0, 9, 3, 0x40022]), ("mmap", [0, 9, 3, 0x21])]  # fmt: skip
    honest = [("clone", [0x11]), ("clone", [0x3D0F00]), ("fcntl", [3, 1]), ("ioctl", [0, 0x5413]), ("madvise", [0, 0, 4]),
              ("mmap", [0, 9, 3, 0x22]), ("mmap", [0, 9, 3, 0x1]), ("mmap", [0, 9, 3, 0x20022])]  # fmt: skip
    assert {decided(program, machine, listed[name], given) for name, given in refused} == {0x50000 | errno.EPERM}
    assert {decided(program, machine, listed[name], given) for name, given in honest} == {0x7FFF0000}


def test_a_program_for_another_processor_is_killed():
    assert decided(seccomp.program("aarch64"), "x86_64", 63) == 0x80000000


def test_every_call_that_is_not_listed_gets_eperm_from_the_kernel():
    own = {335, 336}  # the kernel's own probes, which no filter sees: whoever calls them from elsewhere is killed
    listed = sorted({*seccomp.allowed().values(), *own})
    source = f"got = str([k for k in range(470) if k not in {listed} and call(k, 0, 0, 0, 0, 0, 0) != ('ENOSYS' if k == 435 else 'EPERM')])"
    assert ran(source, "fine = True")[:2] == (True, "[]")


def test_without_the_filter_the_attacks_would_get_through(monkeypatch):
    monkeypatch.setattr(bubblewrap, "filtered", lambda words: words)
    assert ran(REFUSED["memory: SysV"][0], "fine = True")[1] != "EPERM"


# ---------------------------------------------------------------------- the watch, the groups, and what is said of them


def test_waiting_for_a_turn_on_a_busy_machine_is_not_counted():
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(12)]
    begin = time.monotonic()
    try:
        outcome = ran("got = sum(range(12_000_000)) > 0", "fine = True", cpu=4)[2]
        took = time.monotonic() - begin
    finally:
        for one in busy:
            one.kill()
            one.wait()
    assert outcome.ended == "closed"
    assert outcome.wall < took / 2 or took < 1, "the clock has gone on while the others ran"


def test_memory_is_held_by_the_watch_alone_and_by_the_group_alone(monkeypatch):
    alone = "x = []\nfor k in range(30): x.append(b'x' * 20_000_000)\nwhile True: pass"
    with monkeypatch.context() as patched:
        patched.setattr(cgroups, "_parents", lambda: ("", ()))
        assert (
            ran(alone, "fine = True", memory=400_000_000)[2].ended == "memory"
            or ran(ENDED["memory: of many processes"][0], "fine = True", memory=400_000_000)[2].ended == "memory"
        )
    if cgroups.held():
        look = watch.look
        monkeypatch.setattr(watch, "look", lambda pid, limits: replace(look(pid, limits), memory=0))
        many = "for _ in range(10):\n    if os.fork() == 0:\n        held = b'x' * 200_000_000; time.sleep(60)\nos.wait()\nos.kill(os.getpid(), 9)"
        assert ran(many, "fine = True", memory=400_000_000)[2].ended == "memory"


def test_groups_of_the_second_generation_are_made_where_they_were_handed_over(tmp_path, monkeypatch):
    """A folder stands for the kernel's: what is written where."""
    home = tmp_path / "user.slice" / "run.scope"
    home.mkdir(parents=True)
    (home / "cgroup.controllers").write_text("cpu memory pids\n")
    (home / "cgroup.subtree_control").write_text("")
    (home / "cgroup.procs").write_text("12\n13\n")
    monkeypatch.setattr(cgroups, "_MOUNT", tmp_path)
    assert cgroups._second("/user.slice/run.scope") == home
    assert cgroups._second("/user.slice/run.scope/lrcore-grader") == home, "workers stand in the folder of the grader"
    assert (home / "cgroup.subtree_control").read_text() == "+memory +pids"
    (home / "cgroup.controllers").write_text("cpu\n")
    assert cgroups._second("/user.slice/run.scope") is None
    assert cgroups._own("0::/user.slice/run.scope\n") == {"": "/user.slice/run.scope"}
    made = tmp_path / "made"
    made.mkdir()
    for name in ("memory.max", "memory.swap.max", "pids.max"):
        (made / name).write_text("max")
    cgroups._limit(made, 1000, 32)
    assert [(made / name).read_text() for name in ("memory.max", "memory.swap.max", "pids.max")] == ["1000", "0", "40"]
    with pytest.raises(OSError, match="holds nothing"):
        cgroups._limit(home, 1000, 32)
    left, busy = tmp_path / "lrcore-4194999-1", tmp_path / f"lrcore-{os.getpid()}-1"
    left.mkdir(), busy.mkdir()
    cgroups._sweep((tmp_path,))
    assert (left.exists(), busy.exists()) == (False, True)
    (made / "memory.events").write_text("low 0\noom_kill 1\n")
    assert cgroups.Group((made,)).killed_for_memory()


def as_nobody(folder):
    """A command that runs another as a user who is not root, in a world in which that user may read Python."""
    leave = ["setpriv", "--reuid", "4321", "--regid", "4321", "--clear-groups"]
    if not Path(sys.base_prefix).is_relative_to("/root"):
        return leave
    show = 'mount --bind "$1" "$2"; mount -t tmpfs -o mode=755 none /root; mkdir -p "$1"; mount --bind "$2" "$1"; shift 2; exec "$@"'
    return ["unshare", "--mount", "sh", "-c", show, "sh", sys.base_prefix, str(folder), *leave]


@pytest.mark.parametrize("who", ["root", "a user who is not root"] if os.geteuid() == 0 else ["a user who is not root"])
def test_sandbox_says_what_holds_on_this_machine(who, tmp_path):
    wrap = as_nobody(tmp_path) if os.geteuid() == 0 and who != "root" else []
    said = subprocess.run([*wrap, sys.executable, "-m", "lrcore.homework", "sandbox"], capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    rows = dict(line.strip().split("  ", 1) for line in said.stdout.splitlines()[1:])
    assert rows["started by"].strip() == who
    assert "no family but AF_UNIX" in rows["network"]
    assert "EPERM" in rows["system calls"]
    assert f"{platform.machine()}" in rows["kernel"]
    assert ("cgroup" in rows["memory"]) == (who == "root" and bool(cgroups.held()))
    for what in (
        "a loop that does not end",
        "time.sleep(10**6)",
        "sleeping in small pieces",
        "memory of many processes",
        "empty files without end",
    ):
        assert "ended after" in rows[what]


def test_a_wall_that_does_not_hold_is_named(monkeypatch):
    endless = bubblewrap.Outcome((), "closed", 0.1)
    with pytest.raises(rehearsal.InputError, match=r"time\.sleep was not ended as it should be"):
        rehearsal._ended("time.sleep", "", {"asleep": 1}, ("asleep",), run=lambda *_: endless)
    monkeypatch.setattr(bubblewrap, "filtered", lambda words: words)
    with pytest.raises(
        rehearsal.InputError, match="memory can be shared unseen, namespaces can be nested, system calls"
    ):
        rehearsal.rehearse()


def test_a_function_asleep_is_seen_to_sleep_though_somebody_waits_for_its_answer():
    cells = [
        {"source": "import time\ndef f(): time.sleep(10 ** 6)", "questions": [{"id": "f", "name": "f", "cases": [[]]}]}
    ]
    outcome = bubblewrap.run({"cells": cells, "skip": [], "answered": []}, LIMITS)
    assert outcome.ended == "asleep"


def test_a_wait_that_is_told_late_is_not_counted_either(monkeypatch):
    """The kernel says how long a thread has waited only when it has its turn: here after six looks of twelve."""
    looks, (reader, writer) = [0], os.pipe()

    def look(*_):
        looks[0] += 1
        if looks[0] == 12:
            os.close(writer)
        return watch._Use(0, 0.0, True, 0, {"1": (0.0, 0.0) if looks[0] <= 6 else (0.01, 0.6)})

    monkeypatch.setattr(watch, "look", look)
    monkeypatch.setattr(watch, "time", SimpleNamespace(monotonic=lambda: 0.1 * looks[0]))
    monkeypatch.setattr(watch, "_GAP", 0.001)
    with open(reader, "rb") as stdout:
        one = watch.Watch(SimpleNamespace(stdout=stdout, pid=0), LIMITS)
        assert one.until() == "closed"
    assert one.wall == pytest.approx(1.2 - 0.6)
