// Runs in the page before the page's own scripts. It listens to what the page plays to the person: the tracks
// of media elements that are playing and not muted, and nothing else that may be on the line.
(() => {
  const players = new Set();
  const srcObject = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'srcObject');
  Object.defineProperty(HTMLMediaElement.prototype, 'srcObject', {
    ...srcObject,
    set(stream) {
      players.add(this);
      srcObject.set.call(this, stream);
    },
  });

  const playing = () => {
    for (const player of [...players].reverse()) {
      const audible = !player.paused && !player.muted && player.volume > 0;
      const track =
        audible && player.srcObject?.getAudioTracks().find(({ readyState }) => readyState === 'live');
      if (track) return track;
    }
    return undefined;
  };

  const nextTurn = () => new Promise((done) => setTimeout(done, 10));

  const asText = (samples) => {
    const bytes = new Uint8Array(samples.buffer);
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    return btoa(text);
  };

  /** Waits for `track` to give frames, and hands each to `take` until that returns true. */
  const read = async (track, take) => {
    const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
    try {
      for (;;) {
        const { value: frame, done } = await reader.read();
        if (done) return false;
        const samples = new Float32Array(frame.numberOfFrames);
        frame.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
        const rate = frame.sampleRate;
        frame.close();
        if (take(samples, rate)) return true;
      }
    } finally {
      await reader.cancel();
    }
  };

  /** The next `count` samples that the page plays, as base64 of 32-bit floats; null when none came `within` ms. */
  const nextSound = async (count, within) => {
    const deadline = performance.now() + within;
    while (playing() === undefined) {
      if (performance.now() > deadline) return null;
      await nextTurn();
    }
    const collected = new Float32Array(count);
    let have = 0;
    let rate = 0;
    const complete = await read(playing(), (samples, sampleRate) => {
      rate = sampleRate;
      collected.set(samples.subarray(0, count - have), have);
      have += Math.min(samples.length, count - have);
      return have === count;
    });
    return complete ? { rate, samples: asText(collected) } : null;
  };

  /** The moment (`performance.now()`) at which the page first plays something louder than `threshold`. */
  const firstSound = async (threshold) => {
    while (playing() === undefined) await nextTurn();
    let at;
    await read(playing(), (samples) => {
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      if (Math.sqrt(power) > threshold) at = performance.now();
      return at !== undefined;
    });
    return at;
  };

  globalThis.handsetTest = { nextSound, firstSound };
})();
