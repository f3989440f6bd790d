// SPDX-License-Identifier: MIT
// What the kernel says about a map, and the names and sizes that follow from its type.
#include <bpf/libbpf.h>

#include "error.h"
#include "map.h"

namespace libbpf {

namespace {

// More types than any libbpf knows: names end where libbpf returns none.
constexpr uint32_t mapTypeLimit = 64;

bool isPerCpu(uint32_t type) {
  switch (type) {
    case BPF_MAP_TYPE_PERCPU_HASH:
    case BPF_MAP_TYPE_PERCPU_ARRAY:
    case BPF_MAP_TYPE_LRU_PERCPU_HASH:
    case BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::string mapTypeName(uint32_t type) {
  const char* name = libbpf_bpf_map_type_str(static_cast<bpf_map_type>(type));
  return name ? name : "type" + std::to_string(type);
}

bpf_map_type mapTypeOf(Napi::Env env, const std::string& name) {
  for (uint32_t type = 1; type < mapTypeLimit; type++) {
    if (mapTypeName(type) == name) return static_cast<bpf_map_type>(type);
  }
  throwRange(env, "type must be the name of a map type such as hash or percpu_array, got " + name);
}

uint32_t possibleCpus(Napi::Env env) {
  int count = libbpf_num_possible_cpus();
  if (count > 0) return static_cast<uint32_t>(count);
  fail(env, {.error = -count, .operation = "possibleCpus", .object = "/sys/devices/system/cpu/possible"});
}

size_t valueStride(const bpf_map_info& info) {
  if (!isPerCpu(info.type)) return info.value_size;
  int cpus = libbpf_num_possible_cpus();
  return (static_cast<size_t>(info.value_size) + 7) / 8 * 8 * static_cast<size_t>(cpus > 0 ? cpus : 0);
}

Napi::Object mapInfoObject(Napi::Env env, const bpf_map_info& info) {
  auto object = Napi::Object::New(env);
  object.Set("id", info.id);
  object.Set("type", info.type);
  object.Set("typeName", mapTypeName(info.type));
  object.Set("name", std::string(info.name, strnlen(info.name, sizeof info.name)));
  object.Set("keySize", info.key_size);
  object.Set("valueSize", info.value_size);
  object.Set("maxEntries", info.max_entries);
  object.Set("flags", info.map_flags);
  object.Set("perCpu", isPerCpu(info.type));
  object.Set("valueStride", static_cast<double>(valueStride(info)));
  object.Set("btfId", info.btf_id);
  object.Set("btfKeyTypeId", info.btf_key_type_id);
  object.Set("btfValueTypeId", info.btf_value_type_id);
  return object;
}

}  // namespace libbpf
