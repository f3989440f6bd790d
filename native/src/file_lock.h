// SPDX-License-Identifier: MIT
// FileLock: an exclusive flock(2), which Node.js lacks.
#pragma once

#include <napi.h>

#include "handle.h"

namespace libbpf {

class FileLock : public Napi::ObjectWrap<FileLock>, public FdHandle {
 public:
  using Parts = Descriptor;
  static Napi::Function define(Napi::Env env);

  explicit FileLock(const Napi::CallbackInfo& info);
  ~FileLock() override { close(); }

 protected:
  void release() noexcept override;

 private:
  static Napi::Value acquire(const Napi::CallbackInfo& info);
  void releaseMethod(const Napi::CallbackInfo&) { close(); }
};

}  // namespace libbpf
