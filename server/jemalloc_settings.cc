// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "server/jemalloc_settings.h"

#include <cstddef>
#include <initializer_list>

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

// Absent where a sanitizer's allocator stands in for jemalloc.
__attribute__((weak)) int mallctl(const char* name, void* old_value,
                                  size_t* old_bytes, void* new_value,
                                  size_t new_bytes);
}

namespace sluice {
namespace {

constexpr size_t kOversizeBytes = size_t{1} << 40;

}  // namespace

void KeepLongRunsOfFreeMemory() {
  if (mallctl == nullptr) return;
  size_t bytes = kOversizeBytes;
  for (const char* arena :
       {"arena.0.oversize_threshold", "arena.1.oversize_threshold"}) {
    mallctl(arena, nullptr, nullptr, &bytes, sizeof(bytes));
  }
}

}  // namespace sluice
