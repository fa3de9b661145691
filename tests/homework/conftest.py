"""A small assignment, its class, and the sandbox: without bubblewrap these tests would prove nothing, so they fail."""

import os
import shutil
import subprocess

import pytest

from homework import small
from lrcore.homework.sandbox import Limits


@pytest.fixture(scope="session", autouse=True)
def bubblewrap():
    """Bubblewrap is there; where we may install it, we do."""
    if shutil.which("bwrap") is None and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "install", "-y", "-q", "bubblewrap"], capture_output=True, timeout=300)
    if shutil.which("bwrap") is None:
        pytest.exit("Install bubblewrap to run the tests (Debian, Ubuntu: sudo apt install bubblewrap).", returncode=1)


@pytest.fixture(scope="session")
def course(tmp_path_factory):
    """The small assignment with a secret, and limits short enough for tests."""
    return small.course(tmp_path_factory.mktemp("assignment"))


@pytest.fixture(scope="session")
def limits():
    return Limits(cpu=2, total_cpu=8, asleep=1.5)
