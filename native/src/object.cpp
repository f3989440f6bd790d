// SPDX-License-Identifier: MIT
// The life of an object file: open, load, hand out maps and programs, close.
#include "object.h"

#include <bpf/btf.h>

#include "arguments.h"
#include "dispose.h"
#include "environment.h"
#include "error.h"
#include "log_capture.h"
#include "map.h"
#include "program.h"

namespace libbpf {

const napi_type_tag BpfObject::tag = {0x6c69626270666f62, 0x8f5a1c0e7d3b4a01};

Napi::Function BpfObject::define(Napi::Env env) {
  return DefineClass(env, "BpfObject", withDispose<BpfObject, &BpfObject::closeMethod>(env, {
      StaticMethod<&BpfObject::openStatic>("open"),
      InstanceAccessor<&BpfObject::getName>("name"),
      InstanceAccessor<&BpfObject::getLog>("log"),
      InstanceMethod<&BpfObject::rodata>("rodata"),
      InstanceMethod<&BpfObject::setRodata>("setRodata"),
      InstanceMethod<&BpfObject::maps>("maps"),
      InstanceMethod<&BpfObject::setMaxEntries>("setMaxEntries"),
      InstanceMethod<&BpfObject::reuseMap>("reuseMap"),
      InstanceMethod<&BpfObject::setAutoload>("setAutoload"),
      InstanceMethod<&BpfObject::programs>("programs"),
      InstanceMethod<&BpfObject::load>("load"),
      InstanceMethod<&BpfObject::map>("map"),
      InstanceMethod<&BpfObject::program>("program"),
      InstanceMethod<&BpfObject::btf>("btf"),
  }));
}

BpfObject::BpfObject(const Napi::CallbackInfo& info)
    : BpfObject(info, takeParts<BpfObject>(info, "BpfObject.open()")) {}

BpfObject::BpfObject(const Napi::CallbackInfo& info, Parts parts)
    : Napi::ObjectWrap<BpfObject>(info),
      Handle("object", std::move(parts.name)),
      object_(std::move(parts.object)),
      keepLog_(parts.keepLog) {
  info.This().As<Napi::Object>().TypeTag(&tag);
  open(Environment::of(info.Env()).handles);
}

void BpfObject::release() noexcept {
  children_.closeAll();
  object_.reset();
}

Napi::Value BpfObject::openStatic(const Napi::CallbackInfo& info) {
  Options options = optionsArgument(info[1]);
  uint32_t logLevel = options.number("logLevel").value_or(0);
  if (logLevel > 2) throwRange(info.Env(), "logLevel must be 0, 1 or 2, got " + std::to_string(logLevel));
  std::optional<std::string> name = options.text("name");
  bool fromBytes = !info[0].IsString();
  std::string path = fromBytes ? "object" : pathArgument(info[0]);
  std::string label = name.value_or(path);

  bpf_object_open_opts request;
  initialize(request);
  request.kernel_log_level = logLevel;
  if (fromBytes || name) request.object_name = label.c_str();
  LogCapture capture;
  ObjectPointer object(nullptr, bpf_object__close);
  if (fromBytes) {
    Bytes bytes = bytesArgument(info[0], "source");
    object.reset(bpf_object__open_mem(bytes.data(), bytes.size(), &request));
  } else {
    object.reset(bpf_object__open_file(path.c_str(), &request));
  }
  if (!object) fail(info.Env(), {.error = errno, .operation = "object open", .object = label, .log = capture.text});
  std::string opened = bpf_object__name(object.get());
  return make<BpfObject>(info.Env(), &Environment::object, {std::move(object), opened, logLevel > 0});
}

Napi::Value BpfObject::getName(const Napi::CallbackInfo& info) { return Napi::String::New(info.Env(), name_); }

Napi::Value BpfObject::getLog(const Napi::CallbackInfo& info) {
  if (log_.empty()) return info.Env().Undefined();
  return Napi::String::New(info.Env(), log_);
}

void BpfObject::load(const Napi::CallbackInfo& info) {
  requireUnloaded(info.Env(), "object load");
  LogCapture capture(keepLog_);
  int error = -bpf_object__load(object_.get());
  phase_ = error ? Phase::failed : Phase::loaded;
  log_ = std::move(capture.text);
  if (error) fail(info.Env(), {.error = error, .operation = "object load", .object = name_, .log = log_});
}

Napi::Value BpfObject::map(const Napi::CallbackInfo& info) {
  requireLoaded(info.Env(), "object map");
  bpf_map* found = findMap(info[0], "object map");
  std::string name = bpf_map__name(found);
  UniqueFd fd = duplicate(info.Env(), bpf_map__fd(found), "object map", name);
  return make<BpfMap>(info.Env(), &Environment::map,
                      {std::move(fd), name, &children_, info.This().As<Napi::Object>()});
}

Napi::Value BpfObject::program(const Napi::CallbackInfo& info) {
  requireLoaded(info.Env(), "object program");
  bpf_program* found = findProgram(info[0], "object program");
  std::string name = bpf_program__name(found);
  if (bpf_program__fd(found) < 0) {
    fail(info.Env(), {.error = ENOENT, .operation = "object program", .object = name,
                      .detail = "program " + name + " was not loaded"});
  }
  UniqueFd fd = duplicate(info.Env(), bpf_program__fd(found), "object program", name);
  return make<Program>(info.Env(), &Environment::program,
                       {std::move(fd), name, &children_, info.This().As<Napi::Object>()});
}

Napi::Value BpfObject::btf(const Napi::CallbackInfo& info) {
  requireOpen(info.Env(), "object btf");
  uint32_t size = 0;
  ::btf* types = bpf_object__btf(object_.get());
  const void* data = types ? btf__raw_data(types, &size) : nullptr;
  if (!data) fail(info.Env(), {.error = ENOENT, .operation = "object btf", .object = name_,
                               .detail = "object " + name_ + " was compiled without BTF"});
  return copyBytes(info.Env(), data, size);
}

void BpfObject::requireUnloaded(Napi::Env env, const char* operation) const {
  requireOpen(env, operation);
  if (phase_ == Phase::open) return;
  const char* already = phase_ == Phase::loaded ? " is already loaded" : " failed to load";
  fail(env, {.error = EBUSY, .operation = operation, .object = name_, .detail = "object " + name_ + already});
}

void BpfObject::requireLoaded(Napi::Env env, const char* operation) const {
  requireOpen(env, operation);
  if (phase_ == Phase::loaded) return;
  fail(env, {.error = EINVAL, .operation = operation, .object = name_, .detail = "object " + name_ + " is not loaded"});
}

}  // namespace libbpf
