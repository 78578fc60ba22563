// G.711 mu-law, as the telephone carries it: one byte for a sample of 16 bits.
const BIAS = 0x84;
const CLIP = 32635;
export const FRAME = 160; // samples, and bytes, of 20 ms
export const RATE = 8000;

export function encoded(sample) {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(Math.round(sample * 32768)), CLIP) + BIAS;
  const exponent = 31 - Math.clz32(magnitude) - 7;
  return ~(sign | (exponent << 4) | ((magnitude >> (exponent + 3)) & 0x0f)) & 0xff;
}

export function decoded(byte) {
  const code = ~byte & 0xff;
  const magnitude = ((((code & 0x0f) << 3) + BIAS) << ((code >> 4) & 7)) - BIAS;
  return (code & 0x80 ? -magnitude : magnitude) / 32768;
}
