// SPDX-License-Identifier: MIT
// Single-entry operations on a map; batches are in map_batch.cpp, creation in map_create.cpp.
#include "map.h"

#include <bpf/bpf.h>

#include "dispose.h"
#include "environment.h"
#include "error.h"
#include "program.h"

namespace libbpf {

const napi_type_tag BpfMap::tag = {0x6c696262706d6170, 0x8f5a1c0e7d3b4a02};

Napi::Function BpfMap::define(Napi::Env env) {
  return DefineClass(env, "BpfMap", withDispose<BpfMap, &BpfMap::closeMethod>(env, {
      StaticMethod<&BpfMap::openPin>("openPin"),
      StaticMethod<&BpfMap::openId>("openId"),
      StaticMethod<&BpfMap::create>("create"),
      InstanceAccessor<&BpfMap::getInfo>("info"),
      InstanceAccessor<&BpfMap::getFd>("fd"),
      InstanceMethod<&BpfMap::get>("get"),
      InstanceMethod<&BpfMap::set>("set"),
      InstanceMethod<&BpfMap::remove>("delete"),
      InstanceMethod<&BpfMap::nextKey>("nextKey"),
      InstanceMethod<&BpfMap::getBatch>("getBatch"),
      InstanceMethod<&BpfMap::setBatch>("setBatch"),
      InstanceMethod<&BpfMap::deleteBatch>("deleteBatch"),
      InstanceMethod<&BpfMap::pin>("pin"),
      InstanceMethod<&BpfMap::freeze>("freeze"),
  }));
}

BpfMap::BpfMap(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<BpfMap>(info),
      FdHandle("map", info.Env(), takeParts<BpfMap>(info, "BpfMap.openPin(), BpfMap.openId() or BpfMap.create()")) {
  info.This().As<Napi::Object>().TypeTag(&tag);
  uint32_t size = sizeof info_;
  if (bpf_obj_get_info_by_fd(fd(info.Env(), "map info"), &info_, &size)) failed(info.Env(), "map info", errno);
  // A pin or an id opened the map: its own name is a better label from here on.
  if (info_.name[0] && !ownedByObject()) name_.assign(info_.name, strnlen(info_.name, sizeof info_.name));
  stride_ = valueStride(info_);
}

void BpfMap::failed(Napi::Env env, const char* operation, int error, int64_t done) const {
  fail(env, {.error = error, .operation = operation, .object = name_, .done = done});
}

Bytes BpfMap::keyArgument(const Napi::Value& value) const {
  Bytes key = exactBytes(value, "map " + name_ + ": key", info_.key_size);
  // Queues and stacks have no keys, and the kernel insists on a null pointer for them.
  return info_.key_size ? key : Bytes{};
}

Bytes BpfMap::valueArgument(const Napi::Value& value, uint32_t& reference) const {
  constexpr const char* operation = "map set";
  int fd = -1;
  if (BpfMap* map = instanceOf<BpfMap>(value)) fd = map->fd(value.Env(), operation);
  if (Program* program = instanceOf<Program>(value)) fd = program->fd(value.Env(), operation);
  if (fd < 0) return exactBytes(value, "map " + name_ + ": value", stride_);
  if (stride_ != sizeof reference) {
    throwRange(value.Env(), "map " + name_ + ": value must be " + std::to_string(stride_) +
                                " bytes, a map or program needs a map of 4-byte values");
  }
  reference = static_cast<uint32_t>(fd);
  return {reinterpret_cast<uint8_t*>(&reference), sizeof reference};
}

uint64_t updateMode(const Napi::Value& value) {
  if (value.IsUndefined()) return BPF_ANY;
  std::string mode = stringArgument(value, "mode");
  if (mode == "any") return BPF_ANY;
  if (mode == "noexist") return BPF_NOEXIST;
  if (mode == "exist") return BPF_EXIST;
  throwRange(value.Env(), "mode must be any, noexist or exist, got " + mode);
}

Napi::Value BpfMap::getInfo(const Napi::CallbackInfo& info) {
  requireOpen(info.Env(), "map info");
  return mapInfoObject(info.Env(), info_);
}

Napi::Value BpfMap::getFd(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), fd(info.Env(), "map fd"));
}

Napi::Value BpfMap::get(const Napi::CallbackInfo& info) {
  int map = fd(info.Env(), "map get");
  Bytes key = keyArgument(info[0]);
  auto value = Napi::Uint8Array::New(info.Env(), stride_);
  if (bpf_map_lookup_elem(map, key.data(), value.Data()) == 0) return value;
  if (errno == ENOENT) return info.Env().Undefined();
  failed(info.Env(), "map get", errno);
}

void BpfMap::set(const Napi::CallbackInfo& info) {
  uint64_t mode = updateMode(info[2]);
  int map = fd(info.Env(), "map set");
  uint32_t reference;
  Bytes key = keyArgument(info[0]);
  Bytes value = valueArgument(info[1], reference);
  if (bpf_map_update_elem(map, key.data(), value.data(), mode)) failed(info.Env(), "map set", errno);
}

Napi::Value BpfMap::remove(const Napi::CallbackInfo& info) {
  int map = fd(info.Env(), "map delete");
  Bytes key = keyArgument(info[0]);
  bool deleted = bpf_map_delete_elem(map, key.data()) == 0;
  if (!deleted && errno != ENOENT) failed(info.Env(), "map delete", errno);
  return Napi::Boolean::New(info.Env(), deleted);
}

Napi::Value BpfMap::nextKey(const Napi::CallbackInfo& info) {
  int map = fd(info.Env(), "map nextKey");
  Bytes key = info[0].IsUndefined() ? Bytes{} : keyArgument(info[0]);
  auto next = Napi::Uint8Array::New(info.Env(), info_.key_size);
  if (bpf_map_get_next_key(map, key.data(), next.Data()) == 0) return next;
  if (errno == ENOENT) return info.Env().Undefined();
  failed(info.Env(), "map nextKey", errno);
}

void BpfMap::freeze(const Napi::CallbackInfo& info) {
  if (bpf_map_freeze(fd(info.Env(), "map freeze"))) failed(info.Env(), "map freeze", errno);
}

}  // namespace libbpf
