// SPDX-License-Identifier: MIT
// Where a BpfMap comes from when it does not come from an object file: a pin, an id, or nothing.
#include <bpf/bpf.h>

#include "environment.h"
#include "error.h"
#include "map.h"

namespace libbpf {

namespace {

// The types of a map's key and value: from BTF that is in the kernel already, or from a blob.
UniqueFd openTypes(Napi::Env env, const std::string& map, const Options& btf) {
  if (auto id = btf.number("id")) {
    UniqueFd fd(bpf_btf_get_fd_by_id(*id));
    if (!fd) fail(env, {.error = errno, .operation = "map create", .object = map + " btf " + std::to_string(*id)});
    return fd;
  }
  Bytes data = bytesArgument(btf.value("data"), "btf.data");
  UniqueFd fd(bpf_btf_load(data.data(), data.size(), nullptr));
  if (!fd) fail(env, {.error = errno, .operation = "map create", .object = map + " btf"});
  return fd;
}

uint32_t required(Napi::Env env, const Options& options, const char* name) {
  if (auto number = options.number(name)) return *number;
  throwType(env.Undefined(), name, "a number");
}

// Returns the descriptor that the request refers to.
UniqueFd useTypes(Napi::Env env, const std::string& map, const Napi::Value& btf, bpf_map_create_opts& request) {
  if (btf.IsUndefined()) return {};
  Options options(btf);
  request.btf_key_type_id = required(env, options, "keyTypeId");
  request.btf_value_type_id = required(env, options, "valueTypeId");
  UniqueFd types = openTypes(env, map, options);
  request.btf_fd = static_cast<uint32_t>(types.get());
  return types;
}

void useInner(Napi::Env env, const Napi::Value& inner, bpf_map_create_opts& request) {
  if (inner.IsUndefined()) return;
  BpfMap& map = instanceArgument<BpfMap>(inner, "inner", "BpfMap");
  request.inner_map_fd = static_cast<uint32_t>(map.fd(env, "map create"));
}

}  // namespace

Napi::Value BpfMap::openPin(const Napi::CallbackInfo& info) {
  UniqueFd fd = openPinned(info, "map openPin", "map");
  return make<BpfMap>(info.Env(), &Environment::map, {std::move(fd), pathArgument(info[0])});
}

Napi::Value BpfMap::openId(const Napi::CallbackInfo& info) {
  uint32_t id = unsignedArgument(info[0], "id");
  UniqueFd fd(bpf_map_get_fd_by_id(id));
  if (!fd) fail(info.Env(), {.error = errno, .operation = "map openId", .object = std::to_string(id)});
  return make<BpfMap>(info.Env(), &Environment::map, {std::move(fd), std::to_string(id)});
}

Napi::Value BpfMap::create(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  if (!info[0].IsObject()) throwType(info[0], "definition", "an object");
  Options definition(info[0]);
  std::string name = stringArgument(definition.value("name"), "name");
  bpf_map_type type = mapTypeOf(env, stringArgument(definition.value("type"), "type"));
  uint32_t keySize = required(env, definition, "keySize");
  uint32_t valueSize = required(env, definition, "valueSize");
  uint32_t maxEntries = required(env, definition, "maxEntries");

  bpf_map_create_opts request;
  initialize(request);
  request.map_flags = definition.number("flags").value_or(0);
  UniqueFd types = useTypes(env, name, definition.value("btf"), request);
  useInner(env, definition.value("inner"), request);
  UniqueFd fd(bpf_map_create(type, name.c_str(), keySize, valueSize, maxEntries, &request));
  if (!fd) fail(env, {.error = errno, .operation = "map create", .object = name});
  return make<BpfMap>(env, &Environment::map, {std::move(fd), name});
}

}  // namespace libbpf
