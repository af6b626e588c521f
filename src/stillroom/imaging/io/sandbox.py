"""Sandbox this process: drop root, and deny files, network and other processes.

Each measure is applied if the kernel supports it (listed in `docs/security.md`):

- an unprivileged uid, if the process started as root;
- Landlock: no file or folder can be opened, no other process inspected or signalled;
- seccomp: no files, sockets, programs or tracing.
"""

import ctypes
import os
import platform
import struct
import sys

NOBODY = 65_534
"""Uid and gid that own nothing by convention."""

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2

_LANDLOCK_CREATE, _LANDLOCK_RESTRICT = 444, 446
_LANDLOCK_VERSION_FLAG = 1
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
"""Number of file access rights by version of Landlock; 16 since version 5."""

_NET_RIGHTS, _SCOPES = 0b11, 0b11
"""TCP bind and connect, since version 4; abstract UNIX sockets and signals, since version 6."""

_AUDIT_ARCH = {"x86_64": 0xC000_003E, "aarch64": 0xC000_00B7}
_DENIED = {
    "x86_64": (
        *(41, 42, 43, 49, 50, 53, 288),  # socket, connect, accept, bind, listen, socketpair, accept4
        *(59, 322, 101, 310, 311),  # execve, execveat, ptrace, process_vm_readv, process_vm_writev
        *(62, 129, 424, 434, 438),  # kill, rt_sigqueueinfo, pidfd_send_signal, pidfd_open, pidfd_getfd
        # mount, unshare, setns, open_by_handle_at, bpf, perf_event_open, userfaultfd
        *(165, 272, 308, 304, 321, 298, 323),
        *(425, 248, 249, 250),  # io_uring_setup, add_key, request_key, keyctl
        *(2, 85, 257, 437),  # open, creat, openat, openat2: also denied where Landlock is missing
    ),
    "aarch64": (
        *(198, 203, 202, 200, 201, 199, 242),
        *(221, 281, 117, 270, 271),
        *(129, 138, 424, 434, 438),
        *(40, 97, 268, 265, 280, 241, 282),
        *(425, 217, 218, 219),
        *(56, 437),
    ),
}
"""System call numbers, in the same order for both; ARM64 has no `open` and `creat`."""

_X32 = 0x4000_0000
"""Bit of the x32 ABI's numbers for the same calls, which none of our libraries uses."""

_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _EPERM = 0x7FFF_0000, 0x0005_0001


def confine() -> tuple[str, ...]:
    """Apply every available measure permanently; call it before any thread is started.

    Returns:
        Those of `uid`, `landlock` and `seccomp` that were applied.
    """
    holds = ["uid"] if _drop_root() else []
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
            holds += ["landlock"] if _forbid_files(libc) else []
            holds += ["seccomp"] if _forbid_calls(libc) else []
    return tuple(holds)


def _drop_root() -> bool:
    if sys.platform == "win32" or os.geteuid() != 0:
        return False
    try:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    except OSError:
        # A container may lack the capability or the uid.
        return False
    return True


def _forbid_files(libc: ctypes.CDLL) -> bool:
    """Restrict every access right that this kernel's Landlock knows, and grant none."""
    version = libc.syscall(_LANDLOCK_CREATE, None, 0, _LANDLOCK_VERSION_FLAG)
    if version < 1:
        return False
    fields = [(1 << _FILE_RIGHTS.get(version, 16)) - 1]
    fields += [_NET_RIGHTS] if version >= 4 else []
    fields += [_SCOPES] if version >= 6 else []
    rules = struct.pack(f"={len(fields)}Q", *fields)
    ruleset = libc.syscall(_LANDLOCK_CREATE, rules, len(rules), 0)
    if ruleset < 0:
        return False
    try:
        return bool(libc.syscall(_LANDLOCK_RESTRICT, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def _forbid_calls(libc: ctypes.CDLL) -> bool:
    """Install a seccomp filter that fails the denied system calls with EPERM."""
    machine = platform.machine()
    if machine not in _DENIED or sys.maxsize < 1 << 32:
        return False
    denied = _DENIED[machine]
    # Jump offsets count skipped instructions; the last two instructions are "allow" and "deny".
    program = [(_LOAD, 0, 0, 4), (_EQUAL, 0, len(denied) + 2, _AUDIT_ARCH[machine]), (_LOAD, 0, 0, 0)]
    program.append((_AT_LEAST, len(denied) + 1, 0, _X32))
    program += [(_EQUAL, len(denied) - place, 0, call) for place, call in enumerate(denied)]
    program += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _EPERM)]
    code = b"".join(struct.pack("=HBBI", *instruction) for instruction in program)
    filter_ = _Program(len(program), code)
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(filter_), 0, 0) == 0)
