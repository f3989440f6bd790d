// SPDX-License-Identifier: MIT
// Reads JavaScript values, whatever the types promised: TypeError and RangeError say what was expected and what came.
#pragma once

#include <napi.h>

#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <span>
#include <string>

namespace libbpf {

// Valid until JavaScript runs again: read byte arguments after everything that may call a getter.
using Bytes = std::span<uint8_t>;

std::string describe(const Napi::Value& value);
[[noreturn]] void throwType(const Napi::Value& value, const std::string& what, const std::string& expected);
[[noreturn]] void throwRange(Napi::Env env, const std::string& sentence);

Bytes bytesArgument(const Napi::Value& value, const std::string& what);
Bytes exactBytes(const Napi::Value& value, const std::string& what, size_t length);
std::string stringArgument(const Napi::Value& value, const std::string& what);
// A string without NUL, since the kernel would silently use the part before it.
std::string pathArgument(const Napi::Value& value);
uint32_t unsignedArgument(const Napi::Value& value, const std::string& what,
                          uint32_t max = std::numeric_limits<uint32_t>::max());
Napi::Function functionArgument(const Napi::Value& value, const std::string& what);

Napi::Uint8Array copyBytes(Napi::Env env, const void* data, size_t length);

// An options object that may be missing.
class Options {
 public:
  explicit Options(const Napi::Value& value);
  bool flag(const char* name) const;
  std::optional<uint32_t> number(const char* name) const;
  std::optional<std::string> text(const char* name) const;
  // undefined when missing.
  Napi::Value value(const char* name) const;

 private:
  Napi::Value value_;
};

inline Options optionsArgument(const Napi::Value& value) { return Options(value); }

// Options structs of libbpf must be zero to the last byte, padding included.
template <class T>
void initialize(T& options) {
  std::memset(&options, 0, sizeof options);
  options.sz = sizeof options;
}

// `value` as an instance of wrapped class T, or nullptr. The tag, not the prototype, decides.
template <class T>
T* instanceOf(const Napi::Value& value) {
  if (!value.IsObject()) return nullptr;
  auto object = value.As<Napi::Object>();
  return object.CheckTypeTag(&T::tag) ? T::Unwrap(object) : nullptr;
}

template <class T>
T& instanceArgument(const Napi::Value& value, const std::string& what, const char* className) {
  T* instance = instanceOf<T>(value);
  if (!instance) throwType(value, what, std::string("a ") + className);
  return *instance;
}

}  // namespace libbpf
