const BIAS = 0x84;
const CLIP = 32_635;
const FULL_SCALE = 32_768;

/** One sample from -1 to 1 as µ-law (ITU-T G.711). */
export function encodeMuLaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.round(Math.abs(sample) * FULL_SCALE), CLIP) + BIAS;
  const exponent = Math.floor(Math.log2(magnitude)) - 7;
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~(sign | (exponent << 4) | mantissa) & 0xff;
}

/** The sample, from -1 to 1, of a µ-law byte. */
export function decodeMuLaw(byte: number): number {
  const bits = ~byte & 0xff;
  const exponent = (bits >> 4) & 0x07;
  const magnitude = ((((bits & 0x0f) << 3) + BIAS) << exponent) - BIAS;
  return ((bits & 0x80 ? -1 : 1) * magnitude) / FULL_SCALE;
}
