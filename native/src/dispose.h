// SPDX-License-Identifier: MIT
// Gives a wrapped class close() and, where the JavaScript engine knows it, [Symbol.dispose]().
#pragma once

#include <napi.h>

#include <vector>

namespace libbpf {

template <class T, void (T::*method)(const Napi::CallbackInfo&)>
std::vector<Napi::ClassPropertyDescriptor<T>> withDispose(Napi::Env env,
                                                          std::vector<Napi::ClassPropertyDescriptor<T>> properties,
                                                          const char* name = "close") {
  properties.push_back(T::template InstanceMethod<method>(name));
  Napi::Value symbol = env.Global().Get("Symbol").As<Napi::Object>().Get("dispose");
  if (symbol.IsSymbol()) properties.push_back(T::template InstanceMethod<method>(symbol.As<Napi::Symbol>()));
  return properties;
}

}  // namespace libbpf
