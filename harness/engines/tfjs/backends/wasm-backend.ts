/** Importing this registers TF.js's wasm backend, complete with what training needs. */
import { version_wasm } from '@tensorflow/tfjs-backend-wasm';
import { normaliseByParts } from '../operations/batch-norm.js';
import type { TfjsBackend } from './backend.js';
import { registerWasmGradients } from './wasm-kernels.js';

registerWasmGradients();

export const version = version_wasm;

/** TF.js differentiates batch norms by itself here: this backend is the independent check of our own gradients. */
export const wasmBackend: TfjsBackend = { name: 'wasm', normaliseBatch: normaliseByParts };
