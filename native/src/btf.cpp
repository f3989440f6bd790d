// SPDX-License-Identifier: MIT
// Reads BTF blobs; what is in them is not looked at here.
#include "btf.h"

#include <bpf/bpf.h>

#include <fstream>
#include <iterator>
#include <vector>

#include "arguments.h"
#include "error.h"
#include "unique_fd.h"

namespace libbpf {

Napi::Value btfById(const Napi::CallbackInfo& info) {
  uint32_t id = unsignedArgument(info[0], "id");
  auto failed = [&](int error) { fail(info.Env(), {.error = error, .operation = "btfById", .object = std::to_string(id)}); };
  UniqueFd fd(bpf_btf_get_fd_by_id(id));
  if (!fd) failed(errno);
  bpf_btf_info facts{};
  uint32_t size = sizeof facts;
  if (bpf_obj_get_info_by_fd(fd.get(), &facts, &size)) failed(errno);
  std::vector<uint8_t> data(facts.btf_size);
  facts = {};
  facts.btf = reinterpret_cast<uint64_t>(data.data());
  facts.btf_size = static_cast<uint32_t>(data.size());
  size = sizeof facts;
  if (bpf_obj_get_info_by_fd(fd.get(), &facts, &size)) failed(errno);
  return copyBytes(info.Env(), data.data(), data.size());
}

Napi::Value vmlinuxBtf(const Napi::CallbackInfo& info) {
  std::ifstream file("/sys/kernel/btf/vmlinux", std::ios::binary);
  if (!file) return info.Env().Undefined();
  std::vector<char> data{std::istreambuf_iterator<char>(file), {}};
  return copyBytes(info.Env(), data.data(), data.size());
}

}  // namespace libbpf
