// SPDX-License-Identifier: MIT
// biome-ignore-all lint: generated
// biome-ignore-all format: generated
// biome-ignore-all assist: generated
// Generated from BTF by bpf-maps. To change it, change the C source and generate again.
export * from './enums.ts';
export * from './limits.ts';
export * from './structs.ts';
export * from './maps.ts';
