// SPDX-License-Identifier: MIT
// Checks and conversions of single values; what a method makes of them is its own business.
#include "arguments.h"

#include <cmath>

namespace libbpf {

std::string describe(const Napi::Value& value) {
  if (value.IsUndefined()) return "undefined";
  if (value.IsNull()) return "null";
  if (value.IsNumber() || value.IsBoolean()) return std::string(value.ToString());
  if (value.IsBigInt()) return "a bigint";
  if (value.IsString()) return "a string";
  if (value.IsFunction()) return "a function";
  if (value.IsArray()) return "an array";
  if (value.IsTypedArray()) return "another kind of typed array";
  return value.IsObject() ? "an object" : "a symbol";
}

void throwType(const Napi::Value& value, const std::string& what, const std::string& expected) {
  throw Napi::TypeError::New(value.Env(), what + " must be " + expected + ", got " + describe(value));
}

void throwRange(Napi::Env env, const std::string& sentence) { throw Napi::RangeError::New(env, sentence); }

Bytes bytesArgument(const Napi::Value& value, const std::string& what) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) {
    throwType(value, what, "a Uint8Array");
  }
  auto array = value.As<Napi::Uint8Array>();
  return {array.Data(), array.ByteLength()};
}

Bytes exactBytes(const Napi::Value& value, const std::string& what, size_t length) {
  Bytes bytes = bytesArgument(value, what);
  if (bytes.size() == length) return bytes;
  throwRange(value.Env(), what + " must be " + std::to_string(length) + " bytes, got " + std::to_string(bytes.size()));
}

std::string stringArgument(const Napi::Value& value, const std::string& what) {
  if (!value.IsString()) throwType(value, what, "a string");
  return value.As<Napi::String>().Utf8Value();
}

std::string pathArgument(const Napi::Value& value) {
  std::string path = stringArgument(value, "path");
  if (path.find('\0') != std::string::npos) throwRange(value.Env(), "path must not contain a NUL character");
  return path;
}

uint32_t unsignedArgument(const Napi::Value& value, const std::string& what, uint32_t max) {
  if (!value.IsNumber()) throwType(value, what, "a number");
  double number = value.As<Napi::Number>().DoubleValue();
  if (number >= 0 && number <= max && std::trunc(number) == number) return static_cast<uint32_t>(number);
  throwRange(value.Env(), what + " must be an integer from 0 to " + std::to_string(max) + ", got " + describe(value));
}

Napi::Function functionArgument(const Napi::Value& value, const std::string& what) {
  if (!value.IsFunction()) throwType(value, what, "a function");
  return value.As<Napi::Function>();
}

Napi::Uint8Array copyBytes(Napi::Env env, const void* data, size_t length) {
  auto copy = Napi::Uint8Array::New(env, length);
  if (length > 0) std::memcpy(copy.Data(), data, length);
  return copy;
}

Options::Options(const Napi::Value& value) : value_(value) {
  if (!value.IsUndefined() && !value.IsObject()) throwType(value, "options", "an object");
}

Napi::Value Options::value(const char* name) const {
  return value_.IsUndefined() ? value_ : value_.As<Napi::Object>().Get(name);
}

bool Options::flag(const char* name) const {
  Napi::Value found = value(name);
  if (!found.IsUndefined() && !found.IsBoolean()) throwType(found, name, "a boolean");
  return found.IsBoolean() && found.As<Napi::Boolean>().Value();
}

std::optional<uint32_t> Options::number(const char* name) const {
  Napi::Value found = value(name);
  if (found.IsUndefined()) return std::nullopt;
  return unsignedArgument(found, name);
}

std::optional<std::string> Options::text(const char* name) const {
  Napi::Value found = value(name);
  if (found.IsUndefined()) return std::nullopt;
  return stringArgument(found, name);
}

}  // namespace libbpf
