// SPDX-License-Identifier: MIT
// One question to a generic netlink family and its answer: no dumps, no multicast.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "unique_fd.h"

namespace libbpf {

class GenericNetlink {
 public:
  using Attributes = std::map<uint16_t, std::vector<uint8_t>>;

  // Each returns 0 or an errno; open: ENOENT when the kernel has no such family.
  int open(const std::string& family);
  int ask(uint8_t command, const Attributes& question, Attributes& answer) {
    return exchange(family_, command, question, answer);
  }

 private:
  int exchange(uint16_t type, uint8_t command, const Attributes& question, Attributes& answer);

  UniqueFd socket_;
  uint16_t family_ = 0;
  uint32_t sequence_ = 0;
};

}  // namespace libbpf
