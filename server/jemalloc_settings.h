// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_JEMALLOC_SETTINGS_H_
#define SLUICE_SERVER_JEMALLOC_SETTINGS_H_

namespace sluice {

// jemalloc gives a run of free memory of 8 MiB or more back to the system at
// once, instead of in the course of ten seconds like shorter ones. A memory
// queue leaves such runs whenever it is consumed, and would get the same memory
// back page by page, each zeroed again, with the next messages. Here the ten
// seconds are for all runs. The option of that name comes too late for the
// arena that exists before options are read, so this is a call: once, first in
// main. Does nothing where jemalloc is not linked.
void KeepLongRunsOfFreeMemory();

}  // namespace sluice

#endif  // SLUICE_SERVER_JEMALLOC_SETTINGS_H_
