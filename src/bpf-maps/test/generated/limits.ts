// SPDX-License-Identifier: MIT
// biome-ignore-all lint: generated
// biome-ignore-all format: generated
// biome-ignore-all assist: generated
// Generated from BTF by bpf-maps. To change it, change the C source and generate again.
export const MAX_SHELVES = 12;
export const MAX_TITLE = 24;
