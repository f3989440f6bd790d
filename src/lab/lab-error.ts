// SPDX-License-Identifier: MIT
// The one error of the lab: it could not be built, or a command in it did not do what was expected.

export class LabError extends Error {
  override readonly name = 'LabError';
}
