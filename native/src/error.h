// SPDX-License-Identifier: MIT
// The one way in which "the kernel or libbpf said no" reaches JavaScript.
#pragma once

#include <napi.h>

#include <cerrno>
#include <cstdint>
#include <string>

namespace libbpf {

struct Failure {
  int error;              // errno, positive; first, so that it is read before anything can change it
  std::string operation;  // "map set"
  std::string object;     // the map's name, a path, a device
  std::string detail;     // a sentence in place of the errno's text
  std::string log;        // what libbpf and the verifier printed
  int64_t done = -1;      // entries a batch had finished before it failed; -1: not a batch
};

// A BpfError, to be thrown or handed to a callback.
Napi::Error makeError(Napi::Env env, const Failure& failure);
// Throws it.
[[noreturn]] void fail(Napi::Env env, const Failure& failure);

// From JavaScript, once per environment: the class to throw.
void setErrorClass(const Napi::CallbackInfo& info);

}  // namespace libbpf
