// What follows a mismatch: a warning, the end, or an error that the runtime fetches.
#pragma once

#include "consumers/libffi/checker.h"
#include "consumers/libffi/policy.h"

namespace splitstrip::ffi {

// Does what the policy says. May the call be made? Does not return under Policy::abort.
bool may_be_made(const Finding& mismatch, Policy policy);

// Fills a call's result with zeros, as many as libffi would have written.
void no_result(const ffi_cif& cif, void* result);

// What the thread has not fetched yet; null if there is nothing. It is forgotten.
const char* fetch_error();

}  // namespace splitstrip::ffi
