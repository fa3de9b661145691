"""The system calls that a notebook may make, compiled for the kernel: the short list, and nothing else.

The kernel runs a program of its own small machine (classic BPF) before each call; bubblewrap loads it. A call that is
not listed gets EPERM, so that code which tries it sees an error and goes on. So there is no shared memory beyond files
that are counted (no ``shmget``, no ``memfd_create``), no namespace in the namespace, no socket but local ones, no
``ptrace``, ``bpf``, ``io_uring``, ``keyctl``, ``mount``, ``perf_event_open``.
"""

import errno
import platform
import struct
from functools import cache

_LISTED = """
    # files and folders
    read 0 63, write 1 64, open 2 -, openat 257 56, close 3 57, close_range 436 436, stat 4 -, fstat 5 80, lstat
    6 -, newfstatat 262 79, statx 332 291, lseek 8 62, pread64 17 67, pwrite64 18 68, readv 19 65, writev 20 66,
    preadv 295 69, pwritev 296 70, preadv2 327 286, pwritev2 328 287, access 21 -, faccessat 269 48, faccessat2
    439 439, flock 73 32, fsync 74 82, fdatasync 75 83, truncate 76 45, ftruncate 77 46, fallocate 285 47,
    fadvise64 221 223, getdents 78 -, getdents64 217 61, getcwd 79 17, chdir 80 49, fchdir 81 50, rename 82 -,
    renameat 264 38, renameat2 316 276, mkdir 83 -, mkdirat 258 34, rmdir 84 -, creat 85 -, link 86 -, linkat
    265 37, unlink 87 -, unlinkat 263 35, symlink 88 -, symlinkat 266 36, readlink 89 -, readlinkat 267 78,
    chmod 90 -, fchmod 91 52, fchmodat 268 53, chown 92 -, fchown 93 55, lchown 94 -, fchownat 260 54, utime 132
    -, utimes 235 -, utimensat 280 88, futimesat 261 -, statfs 137 43, fstatfs 138 44, getxattr 191 8, lgetxattr
    192 9, fgetxattr 193 10, listxattr 194 11, llistxattr 195 12, flistxattr 196 13, sendfile 40 71,
    copy_file_range 326 285, umask 95 166,
    # pipes, waiting, local sockets
    pipe 22 -, pipe2 293 59, dup 32 23, dup2 33 -, dup3 292 24, poll 7 -, ppoll 271 73, select 23 -, pselect6
    270 72, epoll_create 213 -, epoll_create1 291 20, epoll_ctl 233 21, epoll_wait 232 -, epoll_pwait 281 22,
    epoll_pwait2 441 441, eventfd 284 -, eventfd2 290 19, connect 42 203, accept 43 202, accept4 288 242, sendto
    44 206, recvfrom 45 207, sendmsg 46 211, recvmsg 47 212, sendmmsg 307 269, recvmmsg 299 243, shutdown 48
    210, bind 49 200, listen 50 201, getsockname 51 204, getpeername 52 205, setsockopt 54 208, getsockopt 55
    209,
    # memory
    mprotect 10 226, munmap 11 215, brk 12 214, mremap 25 216, msync 26 227, mincore 27 232, mbind 237 235,
    get_mempolicy 239 236,
    # time and signals
    rt_sigaction 13 134, rt_sigprocmask 14 135, rt_sigreturn 15 139, rt_sigpending 127 136, rt_sigsuspend 130
    133, rt_sigtimedwait 128 137, rt_sigqueueinfo 129 138, sigaltstack 131 132, pause 34 -, nanosleep 35 101,
    clock_nanosleep 230 115, clock_gettime 228 113, clock_getres 229 114, gettimeofday 96 169, time 201 -, times
    100 153, alarm 37 -, getitimer 36 102, setitimer 38 103, restart_syscall 219 128,
    # processes and threads
    fork 57 -, vfork 58 -, execve 59 221, exit 60 93, exit_group 231 94, wait4 61 260, waitid 247 95, kill 62
    129, tkill 200 130, tgkill 234 131, pidfd_open 434 434, pidfd_send_signal 424 424, futex 202 98, futex_waitv
    449 449, set_tid_address 218 96, set_robust_list 273 99, get_robust_list 274 100, rseq 334 293, membarrier
    324 283, sched_yield 24 124, sched_getaffinity 204 123, sched_setaffinity 203 122, sched_getparam 143 121,
    sched_getscheduler 145 120, sched_get_priority_max 146 125, sched_get_priority_min 147 126, getpriority 140
    141, getcpu 309 168, prctl 157 167, arch_prctl 158 -,
    # who and where
    getpid 39 172, getppid 110 173, gettid 186 178, getuid 102 174, geteuid 107 175, getgid 104 176, getegid 108
    177, getresuid 118 148, getresgid 120 150, getgroups 115 158, getpgid 121 155, getpgrp 111 -, getsid 124
    156, setsid 112 157, setpgid 109 154, setuid 105 146, setgid 106 144, setgroups 116 159, getrlimit 97 163,
    setrlimit 160 164, prlimit64 302 261, getrusage 98 165, sysinfo 99 179, uname 63 160, getrandom 318 278
"""
_MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}  # the kernel's number of it, and the column above
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000
_LOAD, _EQUAL, _ANY_BIT, _AND, _RETURN = 0x20, 0x15, 0x45, 0x54, 0x06

Instruction = tuple[int, int, int, int]


def _after(argument: int, *tests: Instruction, otherwise: int = _ALLOW) -> tuple[Instruction, ...]:
    """Look at the low half of an argument; each test jumps, when it holds, over the last line but one to EPERM."""
    jumps = (
        (code, len(tests) - place if code != _AND else 0, 0, value) for place, (code, _, _, value) in enumerate(tests)
    )
    return ((_LOAD, 0, 0, 16 + 8 * argument), *jumps, _give(otherwise), _give(_REFUSE | errno.EPERM))


def _is(value: int) -> Instruction:
    return _EQUAL, 0, 0, value


def _give(value: int) -> Instruction:
    return _RETURN, 0, 0, value


_LOCAL = ((_LOAD, 0, 0, 16), (_EQUAL, 0, 1, 1), _give(_ALLOW), _give(_REFUSE | errno.EPERM))  # AF_UNIX is 1
_SHARED_AND_NAMELESS = 0x21
_HUGE, _NAMESPACES = 0x40000, 0x7E020000
_PIPE_SIZE, _PAGE_OUT, _TYPE_INTO_TERMINAL, _CONSOLE = 1031, 21, 0x5412, 0x541C
_WITH_A_LOOK = {
    # clone takes no new namespace; clone3 hides its flags from us, and libraries fall back to clone
    "clone 56 220": _after(0, (_ANY_BIT, 0, 0, _NAMESPACES)),
    "clone3 435 435": (_give(_REFUSE | errno.ENOSYS),),
    "socket 41 198": _LOCAL,
    "socketpair 53 199": _LOCAL,
    "fcntl 72 25": _after(1, _is(_PIPE_SIZE)),
    "ioctl 16 29": _after(1, _is(_TYPE_INTO_TERMINAL), _is(_CONSOLE)),
    "madvise 28 233": _after(2, _is(_PAGE_OUT)),
    # memory that is shared and has no file can be held without being seen
    "mmap 9 222": _after(3, (_ANY_BIT, 0, 0, _HUGE), (_AND, 0, 0, _SHARED_AND_NAMELESS), _is(_SHARED_AND_NAMELESS)),
}


def _numbers(entry: str, column: int) -> tuple[str, int] | None:
    name, *numbers = entry.split()
    return None if numbers[column] == "-" else (name, int(numbers[column]))


def known(machine: str = platform.machine()) -> bool:
    """Whether there is a list for this processor."""
    return machine in _MACHINES


@cache
def allowed(machine: str = platform.machine()) -> dict[str, int]:
    """The calls that are let through, some of them after a look at their arguments, with the processor's numbers."""
    listed = " ".join(line for line in _LISTED.splitlines() if "#" not in line).split(",")
    column = _MACHINES[machine][1]
    found = (_numbers(entry, column) for entry in (*listed, *_WITH_A_LOOK) if not entry.startswith("clone3"))
    return dict(one for one in found if one is not None)


@cache
def program(machine: str = platform.machine()) -> bytes:
    """The filter, as bubblewrap's ``--seccomp`` takes it."""
    kernel, column = _MACHINES[machine]
    looks = {_numbers(entry, column): body for entry, body in _WITH_A_LOOK.items()}
    plain = set(allowed(machine).items()) - set(looks)
    lines: list[Instruction] = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, kernel), _give(_KILL), (_LOAD, 0, 0, 0)]
    for _, number in sorted(plain, key=lambda one: one[1]):
        lines += [(_EQUAL, 0, 1, number), _give(_ALLOW)]
    for call, body in looks.items():
        if call is not None:
            lines += [(_EQUAL, 0, len(body), call[1]), *body]
    lines.append(_give(_REFUSE | errno.EPERM))
    return b"".join(struct.pack("=HBBI", *line) for line in lines)
