// SPDX-License-Identifier: MIT
// What an open object file can be asked and told before it is loaded: constants, map sizes, reuse, programs.
#include <bpf/bpf.h>

#include "arguments.h"
#include "error.h"
#include "log_capture.h"
#include "map.h"
#include "object.h"

namespace libbpf {

bpf_map* BpfObject::findMap(const Napi::Value& value, const char* operation) const {
  std::string name = stringArgument(value, "map name");
  requireOpen(value.Env(), operation);
  if (bpf_map* found = bpf_object__find_map_by_name(object_.get(), name.c_str())) return found;
  fail(value.Env(), {.error = ENOENT, .operation = operation, .object = name,
                     .detail = "object " + name_ + " has no map " + name});
}

bpf_program* BpfObject::findProgram(const Napi::Value& value, const char* operation) const {
  std::string name = stringArgument(value, "program name");
  requireOpen(value.Env(), operation);
  if (bpf_program* found = bpf_object__find_program_by_name(object_.get(), name.c_str())) return found;
  fail(value.Env(), {.error = ENOENT, .operation = operation, .object = name,
                     .detail = "object " + name_ + " has no program " + name});
}

namespace {

Napi::Value sectionName(const Napi::Value& value) {
  if (!value.IsUndefined()) return value;
  return Napi::String::New(value.Env(), ".rodata");
}

Napi::Object definitionOf(Napi::Env env, const bpf_map* map) {
  auto definition = Napi::Object::New(env);
  definition.Set("name", bpf_map__name(map));
  definition.Set("type", static_cast<uint32_t>(bpf_map__type(map)));
  definition.Set("typeName", mapTypeName(bpf_map__type(map)));
  definition.Set("keySize", bpf_map__key_size(map));
  definition.Set("valueSize", bpf_map__value_size(map));
  definition.Set("maxEntries", bpf_map__max_entries(map));
  definition.Set("flags", bpf_map__map_flags(map));
  definition.Set("internal", bpf_map__is_internal(map));
  definition.Set("btfKeyTypeId", bpf_map__btf_key_type_id(map));
  definition.Set("btfValueTypeId", bpf_map__btf_value_type_id(map));
  return definition;
}

// libbpf would take any map here and leave it to the verifier, or to nobody, to notice.
std::string mismatch(const bpf_map* wanted, const bpf_map_info& given) {
  auto differ = [](const char* what, uint32_t ours, uint32_t theirs) {
    return std::string(what) + " " + std::to_string(ours) + ", the map given has " + std::to_string(theirs);
  };
  if (bpf_map__type(wanted) != given.type) return differ("type", bpf_map__type(wanted), given.type);
  if (bpf_map__key_size(wanted) != given.key_size) return differ("key size", bpf_map__key_size(wanted), given.key_size);
  if (bpf_map__value_size(wanted) == given.value_size) return "";
  return differ("value size", bpf_map__value_size(wanted), given.value_size);
}

}  // namespace

Napi::Value BpfObject::rodata(const Napi::CallbackInfo& info) {
  bpf_map* map = findMap(sectionName(info[0]), "object rodata");
  size_t size = 0;
  const void* data = bpf_map__initial_value(map, &size);
  if (!data) fail(info.Env(), {.error = EINVAL, .operation = "object rodata", .object = bpf_map__name(map)});
  return copyBytes(info.Env(), data, size);
}

void BpfObject::setRodata(const Napi::CallbackInfo& info) {
  requireUnloaded(info.Env(), "object setRodata");
  bpf_map* map = findMap(sectionName(info[1]), "object setRodata");
  Bytes bytes = exactBytes(info[0], std::string(bpf_map__name(map)) + ": value", bpf_map__value_size(map));
  int error = -bpf_map__set_initial_value(map, bytes.data(), bytes.size());
  if (error) fail(info.Env(), {.error = error, .operation = "object setRodata", .object = bpf_map__name(map)});
}

Napi::Value BpfObject::maps(const Napi::CallbackInfo& info) {
  requireOpen(info.Env(), "object maps");
  auto list = Napi::Array::New(info.Env());
  bpf_map* map;
  bpf_object__for_each_map(map, object_.get()) list.Set(list.Length(), definitionOf(info.Env(), map));
  return list;
}

void BpfObject::setMaxEntries(const Napi::CallbackInfo& info) {
  requireUnloaded(info.Env(), "object setMaxEntries");
  bpf_map* map = findMap(info[0], "object setMaxEntries");
  int error = -bpf_map__set_max_entries(map, unsignedArgument(info[1], "maxEntries"));
  if (error) fail(info.Env(), {.error = error, .operation = "object setMaxEntries", .object = bpf_map__name(map)});
}

void BpfObject::reuseMap(const Napi::CallbackInfo& info) {
  constexpr const char* operation = "object reuseMap";
  requireUnloaded(info.Env(), operation);
  bpf_map* map = findMap(info[0], operation);
  std::string name = bpf_map__name(map);
  BpfMap& existing = instanceArgument<BpfMap>(info[1], "existing", "BpfMap");
  int fd = existing.fd(info.Env(), operation);
  std::string difference = mismatch(map, existing.kernelInfo());
  if (!difference.empty()) {
    fail(info.Env(), {.error = EINVAL, .operation = operation, .object = name,
                      .detail = "map " + name + " has " + difference});
  }
  LogCapture capture;
  int error = -bpf_map__reuse_fd(map, fd);
  if (error) fail(info.Env(), {.error = error, .operation = operation, .object = name, .log = capture.text});
}

Napi::Value BpfObject::programs(const Napi::CallbackInfo& info) {
  requireOpen(info.Env(), "object programs");
  auto list = Napi::Array::New(info.Env());
  bpf_program* program;
  bpf_object__for_each_program(program, object_.get()) list.Set(list.Length(), bpf_program__name(program));
  return list;
}

void BpfObject::setAutoload(const Napi::CallbackInfo& info) {
  requireUnloaded(info.Env(), "object setAutoload");
  bpf_program* program = findProgram(info[0], "object setAutoload");
  if (!info[1].IsBoolean()) throwType(info[1], "on", "a boolean");
  int error = -bpf_program__set_autoload(program, info[1].As<Napi::Boolean>().Value());
  if (error) fail(info.Env(), {.error = error, .operation = "object setAutoload", .object = bpf_program__name(program)});
}

}  // namespace libbpf
