// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// A load generator for a node: see README.md, or --help.

#include <cstdio>
#include <iostream>
#include <string>

#include "bench/load_options.h"
#include "bench/load_report.h"
#include "bench/load_run.h"

int main(int argc, char** argv) {
  std::string help;
  const auto options = sluice::ParseLoadOptions(argc, argv, &help);
  if (!options.ok()) {
    std::cerr << "load: " << options.status().message() << "\n";
    return 2;
  }
  if (!help.empty()) {
    std::cout << help;
    return 0;
  }
  const auto phases = sluice::RunLoad(*options);
  if (!phases.ok()) {
    std::cerr << "load: " << phases.status() << "\n";
    return 1;
  }
  std::cout << (options->json ? sluice::LoadReportAsJson(*phases)
                              : sluice::LoadReportAsText(*phases));
  return 0;
}
