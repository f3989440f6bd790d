// SPDX-License-Identifier: MIT
// libbpf's print function. When a program is refused, libbpf repeats the load with a log buffer that it doubles until
// the verifier's log fits, and prints that log: capturing the print is all it takes to get it whole.
#include "log_capture.h"

#include <bpf/libbpf.h>

#include <cstdarg>
#include <cstdio>
#include <mutex>
#include <string_view>

namespace libbpf {

namespace {

thread_local LogCapture* current = nullptr;

bool wanted(libbpf_print_level level, std::string_view format) {
  if (level != LIBBPF_DEBUG) return true;
  return current->keepSuccessLogs && format.find("BEGIN PROG LOAD LOG") != std::string_view::npos;
}

int print(libbpf_print_level level, const char* format, va_list arguments) {
  if (!current || !wanted(level, format)) return 0;
  va_list again;
  va_copy(again, arguments);
  int length = std::vsnprintf(nullptr, 0, format, again);
  va_end(again);
  if (length <= 0) return 0;
  std::string& text = current->text;
  size_t before = text.size();
  text.resize(before + static_cast<size_t>(length) + 1);
  std::vsnprintf(text.data() + before, static_cast<size_t>(length) + 1, format, arguments);
  text.pop_back();
  return length;
}

}  // namespace

LogCapture::LogCapture(bool keep) : keepSuccessLogs(keep), outer_(current) { current = this; }

LogCapture::~LogCapture() { current = outer_; }

void LogCapture::install() {
  static std::once_flag once;
  std::call_once(once, [] { libbpf_set_print(print); });
}

}  // namespace libbpf
