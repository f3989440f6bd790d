// SPDX-License-Identifier: MIT
// BpfMap: one kernel map, seen as bytes.
#pragma once

#include <linux/bpf.h>
#include <napi.h>

#include <cstdint>
#include <string>

#include "arguments.h"
#include "handle.h"

namespace libbpf {

// "hash", "lpm_trie"; "type<N>" for a type this libbpf does not know yet.
std::string mapTypeName(uint32_t type);
// Throws RangeError for a name this libbpf does not know.
bpf_map_type mapTypeOf(Napi::Env env, const std::string& name);
Napi::Object mapInfoObject(Napi::Env env, const bpf_map_info& info);
// Bytes that user space passes for one value: per-CPU maps take one slot of a multiple of 8 bytes per possible CPU.
size_t valueStride(const bpf_map_info& info);
uint32_t possibleCpus(Napi::Env env);

class BpfMap : public Napi::ObjectWrap<BpfMap>, public FdHandle {
 public:
  using Parts = Descriptor;
  static const napi_type_tag tag;
  static Napi::Function define(Napi::Env env);

  explicit BpfMap(const Napi::CallbackInfo& info);
  ~BpfMap() override { close(); }

  const bpf_map_info& kernelInfo() const { return info_; }

 private:
  static Napi::Value openPin(const Napi::CallbackInfo& info);
  static Napi::Value openId(const Napi::CallbackInfo& info);
  static Napi::Value create(const Napi::CallbackInfo& info);

  Napi::Value getInfo(const Napi::CallbackInfo& info);
  Napi::Value getFd(const Napi::CallbackInfo& info);
  Napi::Value get(const Napi::CallbackInfo& info);
  void set(const Napi::CallbackInfo& info);
  Napi::Value remove(const Napi::CallbackInfo& info);
  Napi::Value nextKey(const Napi::CallbackInfo& info);
  void pin(const Napi::CallbackInfo& info) { pinAt(info, "map pin"); }
  void freeze(const Napi::CallbackInfo& info);
  void closeMethod(const Napi::CallbackInfo&) { close(); }

  // map_batch.cpp
  Napi::Value getBatch(const Napi::CallbackInfo& info);
  Napi::Value setBatch(const Napi::CallbackInfo& info);
  Napi::Value deleteBatch(const Napi::CallbackInfo& info);
  int lookupBatch(int fd, const uint8_t* cursor, uint8_t* next, uint8_t* keys, uint8_t* values, uint32_t& count) const;
  int lookupOneByOne(int fd, const uint8_t* cursor, uint8_t* next, uint8_t* keys, uint8_t* values,
                     uint32_t& count) const;
  int updateMany(int fd, const uint8_t* keys, const uint8_t* values, uint64_t flags, uint32_t& count) const;
  int deleteMany(int fd, const uint8_t* keys, uint32_t count, uint32_t& deleted) const;

  [[noreturn]] void failed(Napi::Env env, const char* operation, int error, int64_t done = -1) const;
  Bytes keyArgument(const Napi::Value& value) const;
  // Room for a value and zeros, or a reference to a map or program by its descriptor.
  Bytes valueArgument(const Napi::Value& value, uint32_t& reference) const;
  size_t cursorSize() const;

  bpf_map_info info_{};
  size_t stride_ = 0;
};

// BPF_ANY, BPF_NOEXIST or BPF_EXIST for 'any' (the default), 'noexist' or 'exist'.
uint64_t updateMode(const Napi::Value& value);

}  // namespace libbpf
