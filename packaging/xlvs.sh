#!/bin/sh
# SPDX-License-Identifier: MIT
# The command `xlvs`: Node.js takes this process's place and runs the bundle, which lies beside this file (in the checkout)
# or in ../lib/xlvs (installed).
here=$(dirname -- "$(readlink -f -- "$0")")
[ -e "$here/xlvs.mjs" ] || here="$(dirname -- "$here")/lib/xlvs"
exec node "$here/xlvs.mjs" "$@"
