/** Samples a second, as in Asterisk's `wav16` files. */
const RATE = 16_000;
const NOTE_SECONDS = 0.8;
/** Long enough that no note clicks. */
const EDGE_SECONDS = 0.08;
const LOUDNESS = 0.25;
/** A share of the octave above makes a note warm, and leaves its pitch clear. */
const OVERTONE = 0.12;
const HEADER_BYTES = 44;
/** In hertz: A, C sharp, E, D and back, twice round. */
export const TUNE = [
  440, 554.37, 659.26, 587.33, 493.88, 587.33, 554.37, 493.88, 440, 659.26, 554.37, 493.88,
];

/** What somebody hears who is put on hold, as a WAV file with 16-bit samples: a slow tune of single notes. */
export function holdMusic(): Buffer {
  const perNote = Math.round(NOTE_SECONDS * RATE);
  const wav = header(TUNE.length * perNote);
  TUNE.forEach((hertz, note) => {
    for (let i = 0; i < perNote; i++) {
      const sample = Math.round(noteAt(hertz, i / RATE) * 32_767);
      wav.writeInt16LE(sample, HEADER_BYTES + 2 * (note * perNote + i));
    }
  });
  return wav;
}

function noteAt(hertz: number, seconds: number): number {
  const edge = Math.min(1, seconds / EDGE_SECONDS, (NOTE_SECONDS - seconds) / EDGE_SECONDS);
  const phase = 2 * Math.PI * hertz * seconds;
  return LOUDNESS * edge * (Math.sin(phase) + OVERTONE * Math.sin(2 * phase));
}

function header(samples: number): Buffer {
  const wav = Buffer.alloc(HEADER_BYTES + 2 * samples);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(wav.length - 8, 4);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(RATE, 24);
  wav.writeUInt32LE(2 * RATE, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36);
  wav.writeUInt32LE(2 * samples, 40);
  return wav;
}
