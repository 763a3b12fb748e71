// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_BASE_STATUS_MACROS_H_
#define SLUICE_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// The only two macros of the project: leave the function with the error of a
// Status or StatusOr expression.

#define SLUICE_STATUS_CONCAT_INNER(a, b) a##b
#define SLUICE_STATUS_CONCAT(a, b) SLUICE_STATUS_CONCAT_INNER(a, b)

#define SLUICE_RETURN_IF_ERROR(expression)                                     \
  SLUICE_RETURN_IF_ERROR_INNER(SLUICE_STATUS_CONCAT(sluice_status_, __LINE__), \
                               expression)
#define SLUICE_RETURN_IF_ERROR_INNER(status, expression)    \
  do {                                                      \
    if (absl::Status status = (expression); !status.ok()) { \
      return status;                                        \
    }                                                       \
  } while (false)

// SLUICE_ASSIGN_OR_RETURN(auto value, Expression());
#define SLUICE_ASSIGN_OR_RETURN(target, expression) \
  SLUICE_ASSIGN_OR_RETURN_INNER(                    \
      SLUICE_STATUS_CONCAT(sluice_statusor_, __LINE__), target, expression)
#define SLUICE_ASSIGN_OR_RETURN_INNER(statusor, target, expression) \
  auto statusor = (expression);                                     \
  if (!statusor.ok()) return std::move(statusor).status();          \
  target = *std::move(statusor)

#endif  // SLUICE_BASE_STATUS_MACROS_H_
