// SPDX-License-Identifier: MIT
// Makes BpfError objects; their message is composed by the class itself.
#include "error.h"

#include <cstring>

#include "arguments.h"
#include "environment.h"

namespace libbpf {

namespace {

// ENOTSUPP, which the kernel's bpf code returns, has no name in user space.
constexpr int kernelNotSupported = 524;

std::string codeOf(int error) {
  if (error == kernelNotSupported) return "ENOTSUPP";
  const char* name = strerrorname_np(error);
  if (name) return name;
  return std::string("E").append(std::to_string(error));
}

std::string reasonOf(int error) {
  if (error == kernelNotSupported) return "Operation not supported by the kernel";
  char buffer[128];
  return strerror_r(error, buffer, sizeof buffer);
}

}  // namespace

Napi::Error makeError(Napi::Env env, const Failure& failure) {
  Napi::FunctionReference& errorClass = Environment::of(env).error;
  // Only without lib/, which sets it right after loading the addon.
  if (errorClass.IsEmpty()) return Napi::Error::New(env, failure.operation + ": " + reasonOf(failure.error));
  auto fields = Napi::Object::New(env);
  fields.Set("errno", failure.error);
  fields.Set("code", codeOf(failure.error));
  fields.Set("reason", reasonOf(failure.error));
  fields.Set("operation", failure.operation);
  fields.Set("object", failure.object);
  if (!failure.detail.empty()) fields.Set("detail", failure.detail);
  if (!failure.log.empty()) fields.Set("log", failure.log);
  if (failure.done >= 0) fields.Set("done", static_cast<double>(failure.done));
  return Napi::Error(env, errorClass.New({fields}));
}

void fail(Napi::Env env, const Failure& failure) { throw makeError(env, failure); }

void setErrorClass(const Napi::CallbackInfo& info) {
  Environment::of(info.Env()).error = Napi::Persistent(functionArgument(info[0], "errorClass"));
}

}  // namespace libbpf
