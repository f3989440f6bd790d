// SPDX-License-Identifier: MIT
// Collects what libbpf prints in this thread while the capture lives. Outside of captures libbpf is silent.
#pragma once

#include <string>

namespace libbpf {

class LogCapture {
 public:
  // Verifier logs of programs that loaded are kept only if asked for; failures always are.
  explicit LogCapture(bool keepSuccessLogs = false);
  ~LogCapture();
  LogCapture(const LogCapture&) = delete;

  std::string text;
  const bool keepSuccessLogs;

  // Once per process: libbpf has one print function for all threads.
  static void install();

 private:
  LogCapture* const outer_;
};

}  // namespace libbpf
