import { hash } from "node:crypto";

/** SHA-256 of the text's UTF-8 bytes: 64 lower-case hexadecimal characters. */
export function sha256Hex(text: string): string {
  return hash("sha256", text, "hex");
}

/** SHA-256 of the text's UTF-8 bytes: 32 bytes. */
export function sha256Bytes(text: string): Uint8Array {
  return hash("sha256", text, "buffer");
}
