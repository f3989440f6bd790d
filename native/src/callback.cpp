// SPDX-License-Identifier: MIT
// Calls into JavaScript and keeps C++ exceptions out of libuv's and libbpf's C frames.
#include "callback.h"

namespace libbpf {

Callback::Callback(Napi::Function function, const char* resource)
    : function_(Napi::Persistent(function)), context_(function.Env(), resource) {}

void Callback::call(std::initializer_list<napi_value> arguments) noexcept {
  Napi::Env env = function_.Env();
  napi_value receiver, error;
  napi_get_global(env, &receiver);
  napi_status status = napi_make_callback(env, context_, receiver, function_.Value(), arguments.size(),
                                          arguments.begin(), nullptr);
  // Any other status: the thread is being terminated, and nobody is left to tell.
  if (status != napi_pending_exception) return;
  if (napi_get_and_clear_last_exception(env, &error) == napi_ok) napi_fatal_exception(env, error);
}

}  // namespace libbpf
