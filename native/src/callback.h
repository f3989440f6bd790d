// SPDX-License-Identifier: MIT
// A JavaScript function that the event loop calls, from outside of any JavaScript.
#pragma once

#include <napi.h>

#include <initializer_list>

namespace libbpf {

class Callback {
 public:
  // resource: the name that async hooks and stack traces show.
  Callback(Napi::Function function, const char* resource);

  // What the function throws becomes an uncaught exception. May close the handle that owns this callback, so the
  // caller holds on to it. Needs an open handle scope.
  void call(std::initializer_list<napi_value> arguments) noexcept;

 private:
  Napi::FunctionReference function_;
  Napi::AsyncContext context_;
};

}  // namespace libbpf
