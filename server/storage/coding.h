// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_SERVER_STORAGE_CODING_H_
#define SLUICE_SERVER_STORAGE_CODING_H_

#include <cstdint>
#include <cstring>
#include <string>

namespace sluice {

// Numbers as bytes. Record blocks are little-endian, which costs nothing on
// the machines we run on; keys are big-endian, so that byte order is number
// order. The Load functions read as many bytes as their number is wide.

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
              "a big-endian machine needs byte swaps in this file");

inline uint32_t LoadLittle32(const char* from) {
  uint32_t value;
  std::memcpy(&value, from, sizeof(value));
  return value;
}

inline uint64_t LoadLittle64(const char* from) {
  uint64_t value;
  std::memcpy(&value, from, sizeof(value));
  return value;
}

inline void StoreLittle32(uint32_t value, char* to) {
  std::memcpy(to, &value, sizeof(value));
}

inline void StoreLittle64(uint64_t value, char* to) {
  std::memcpy(to, &value, sizeof(value));
}

inline void AppendLittle32(uint32_t value, std::string& to) {
  to.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

inline void AppendLittle64(uint64_t value, std::string& to) {
  to.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

inline uint32_t LoadBig32(const char* from) {
  return __builtin_bswap32(LoadLittle32(from));
}

inline uint64_t LoadBig64(const char* from) {
  return __builtin_bswap64(LoadLittle64(from));
}

inline void AppendBig32(uint32_t value, std::string& to) {
  AppendLittle32(__builtin_bswap32(value), to);
}

inline void AppendBig64(uint64_t value, std::string& to) {
  AppendLittle64(__builtin_bswap64(value), to);
}

}  // namespace sluice

#endif  // SLUICE_SERVER_STORAGE_CODING_H_
