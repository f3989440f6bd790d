// SPDX-License-Identifier: MIT
// State of one JavaScript environment (the main thread or a worker): its classes and every handle open in it.
#pragma once

#include <napi.h>

#include <utility>

#include "handle.h"

namespace libbpf {

struct Environment {
  Napi::FunctionReference error;
  Napi::FunctionReference object;
  Napi::FunctionReference map;
  Napi::FunctionReference program;
  Napi::FunctionReference link;
  Napi::FunctionReference fileLock;
  Owner handles;
  // What the constructor that is about to run is made from. Only C++ can set it, so a `new` from JavaScript is told apart.
  void* parts = nullptr;

  static void create(Napi::Env env);
  static Environment& of(Napi::Env env) { return *env.GetInstanceData<Environment>(); }
};

// Makes a JavaScript object of class T from C++.
template <class T>
Napi::Object make(Napi::Env env, Napi::FunctionReference Environment::*constructor, typename T::Parts parts) {
  Environment& environment = Environment::of(env);
  environment.parts = &parts;
  return (environment.*constructor).New({});
}

// The other half of make(): called by T's constructor.
template <class T>
typename T::Parts takeParts(const Napi::CallbackInfo& info, const char* instead) {
  void* parts = std::exchange(Environment::of(info.Env()).parts, nullptr);
  if (!parts) throw Napi::TypeError::New(info.Env(), std::string("not a constructor: use ") + instead);
  return std::move(*static_cast<typename T::Parts*>(parts));
}

}  // namespace libbpf
