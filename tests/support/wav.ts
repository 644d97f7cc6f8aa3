/** Sound as samples from -1 to 1, one channel. */
export interface Sound {
  /** Samples per second. */
  readonly rate: number;
  readonly samples: Float32Array;
}

const HEADER_BYTES = 44;
const BYTES_PER_SAMPLE = 2;
const FULL_SCALE = 32_767;
const PCM = 1;
const MONO = 1;

/** A sine of the given pitch at half of full scale. */
export function tone(hertz: number, seconds: number, rate = 48_000): Sound {
  const samples = Float32Array.from(
    { length: Math.round(seconds * rate) },
    (_, i) => Math.sin((2 * Math.PI * hertz * i) / rate) / 2,
  );
  return { rate, samples };
}

/** A WAV file with 16-bit samples. */
export function encodeWav({ rate, samples }: Sound): Buffer {
  const wav = Buffer.alloc(HEADER_BYTES + samples.length * BYTES_PER_SAMPLE);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(wav.length - 8, 4);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(PCM, 20);
  wav.writeUInt16LE(MONO, 22);
  wav.writeUInt32LE(rate, 24);
  wav.writeUInt32LE(rate * BYTES_PER_SAMPLE, 28);
  wav.writeUInt16LE(BYTES_PER_SAMPLE, 32);
  wav.writeUInt16LE(8 * BYTES_PER_SAMPLE, 34);
  wav.write('data', 36);
  wav.writeUInt32LE(samples.length * BYTES_PER_SAMPLE, 40);
  samples.forEach((sample, i) => {
    wav.writeInt16LE(Math.round(sample * FULL_SCALE), HEADER_BYTES + i * BYTES_PER_SAMPLE);
  });
  return wav;
}

/**
 * Reads a WAV file with one channel of 16-bit samples, also one that is still being written: its header
 * then says nothing of its length, so everything after the header counts.
 */
export function decodeWav(wav: Buffer): Sound {
  const count = Math.max(0, Math.floor((wav.length - HEADER_BYTES) / BYTES_PER_SAMPLE));
  return {
    rate: wav.readUInt32LE(24),
    samples: Float32Array.from(
      { length: count },
      (_, i) => wav.readInt16LE(HEADER_BYTES + i * BYTES_PER_SAMPLE) / FULL_SCALE,
    ),
  };
}
