// SPDX-License-Identifier: MIT
// Program: one loaded program.
#pragma once

#include <napi.h>

#include "handle.h"

namespace libbpf {

class Program : public Napi::ObjectWrap<Program>, public FdHandle {
 public:
  using Parts = Descriptor;
  static const napi_type_tag tag;
  static Napi::Function define(Napi::Env env);

  explicit Program(const Napi::CallbackInfo& info);
  ~Program() override { close(); }

 private:
  static Napi::Value openPin(const Napi::CallbackInfo& info);
  static Napi::Value openId(const Napi::CallbackInfo& info);

  Napi::Value getFd(const Napi::CallbackInfo& info);
  Napi::Value info(const Napi::CallbackInfo& info);
  Napi::Value testRun(const Napi::CallbackInfo& info);  // test_run.cpp
  void pin(const Napi::CallbackInfo& info) { pinAt(info, "program pin"); }
  void closeMethod(const Napi::CallbackInfo&) { close(); }
};

}  // namespace libbpf
