// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// What jemalloc reads, by this name, before main begins; a MALLOC_CONF in the
// environment still wins.
//
//   thp:always                   Blocks of messages come in by the gigabyte and
//                                are touched once: with pages of 4 KiB, faults
//                                were a quarter of what a publish in memory
//                                costs (docs/performance.md).
//   lg_extent_max_active_fit:20  A memory queue that was consumed leaves long
//                                runs of free memory. Unless told so, jemalloc
//                                does not cut a block out of one more than 64
//                                times its size, and asks for new pages.
//   narenas:2                    What one thread frees another can have. With
//                                four arenas a processor, the default, each
//                                kept its own: a third more memory under a
//                                flood of publishes.
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf = "thp:always,lg_extent_max_active_fit:20,narenas:2";
}
