# Copyright 2026 The Sluice Authors
# SPDX-License-Identifier: Apache-2.0
"""Memory that a server can take without waiting for the machine below.

A virtual machine gives free memory back to its host, and gets it again page by
page, at the price of a fault on the host. Whoever fills memory, with messages
or through the page cache, would be measured by that: the same server by a
factor of two, from run to run. Where a row's messages stay in memory, the
server takes it once before, for a topic that is deleted then: what counts is a
queue that has been running for a while, not its first seconds.
"""

import ctypes
import mmap

# Of the messages that a server holds once before it is measured.
TOPIC = "warm-up"

_BYTES = 5 << 29


def warm(available_bytes):
    """Touches memory and frees it, so that what is taken next is there."""
    size = min(_BYTES, available_bytes // 4)
    if size < mmap.PAGESIZE:
        return
    with mmap.mmap(-1, size) as area:
        area.madvise(mmap.MADV_HUGEPAGE)
        view = ctypes.c_char.from_buffer(area)
        ctypes.memset(ctypes.addressof(view), 1, size)
        del view  # or the area could not be closed
