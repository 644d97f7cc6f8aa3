// Runs in the page before the page's own scripts. It listens to what the page plays to the person: the tracks
// of media elements that are playing and not muted, and nothing else that may be on the line.
(() => {
  const players = new Set();
  const srcObject = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'srcObject');
  Object.defineProperty(HTMLMediaElement.prototype, 'srcObject', {
    ...srcObject,
    set(stream) {
      // What plays nothing any more is let go, as the page does.
      if (stream === null) players.delete(this);
      else players.add(this);
      srcObject.set.call(this, stream);
    },
  });

  // A track is muted until something arrives: a call that rings has one, too.
  const liveTrack = (player) =>
    player.srcObject?.getAudioTracks().find(({ readyState, muted }) => readyState === 'live' && !muted);
  const isHeard = (player) =>
    !player.paused && !player.muted && player.volume > 0 && liveTrack(player) !== undefined;

  const playing = () => {
    const player = [...players].reverse().find(isHeard);
    return player && liveTrack(player);
  };

  // The sounds that the page makes itself (keys, ringing), as they go to the loudspeaker.
  const ownSounds = new Map();
  const connect = AudioNode.prototype.connect;
  const tapOf = (context) => {
    const tap = ownSounds.get(context) ?? new MediaStreamAudioDestinationNode(context);
    if (!ownSounds.has(context)) {
      ownSounds.set(context, tap);
      // Without anything that plays, the tap would give nothing at all in place of silence.
      const silence = new ConstantSourceNode(context, { offset: 0 });
      connect.call(silence, tap);
      silence.start();
    }
    return tap;
  };
  AudioNode.prototype.connect = function (target, ...rest) {
    if (target instanceof AudioDestinationNode) connect.call(this, tapOf(target.context));
    return connect.call(this, target, ...rest);
  };
  const own = () => {
    const [, tap] = [...ownSounds].find(([{ state }]) => state === 'running') ?? [];
    return tap?.stream.getAudioTracks()[0];
  };

  const nextTurn = () => new Promise((done) => setTimeout(done, 10));

  const asText = (samples) => {
    const bytes = new Uint8Array(samples.buffer);
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    return btoa(text);
  };

  /** Hands the sound of `track` to `take` in pieces until that returns true. */
  const read = (track, take) =>
    'MediaStreamTrackProcessor' in globalThis ? readFrames(track, take) : readThroughContext(track, take);

  /** Ten seconds of sound: a page that is busy for longer than the usual 100 ms would miss a part without a word. */
  const MOST_FRAMES = 1_000;

  const readFrames = async (track, take) => {
    const processor = new MediaStreamTrackProcessor({ track, maxBufferSize: MOST_FRAMES });
    const reader = processor.readable.getReader();
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

  // The old node, because a worklet is a script of its own, which the page's policy does not let in.
  const readThroughContext = async (track, take) => {
    const context = new AudioContext({ sampleRate: 48_000 });
    const source = context.createMediaStreamSource(new MediaStream([track]));
    const tap = context.createScriptProcessor(1_024, 1, 1);
    try {
      return await new Promise((done) => {
        track.addEventListener('ended', () => done(false), { once: true });
        tap.onaudioprocess = ({ inputBuffer }) => {
          if (take(inputBuffer.getChannelData(0), inputBuffer.sampleRate)) done(true);
        };
        connect.call(source, tap);
        connect.call(tap, context.destination);
      });
    } finally {
      tap.onaudioprocess = null;
      await context.close();
    }
  };

  const USUAL_RATE = 48_000;

  /** The rate may change within a call: with the codec, and when nothing arrives. */
  const atRate = (rate, samples, from) =>
    rate === from
      ? samples
      : Float32Array.from(
          { length: Math.round((samples.length * rate) / from) },
          (_, i) => samples[Math.min(samples.length - 1, Math.floor((i * from) / rate))],
        );

  /**
   * As much of what the page plays next as `count` samples at the usual rate are, as base64 of 32-bit floats; null when
   * none came `within` ms. A far end that speaks G.722 or G.711 is played at a lower rate, with fewer samples.
   * `which` is the far end's sound (`playing`) or the page's own (`own`).
   */
  const nextSound = async (count, within, which = 'playing') => {
    const source = which === 'own' ? own : playing;
    const deadline = performance.now() + within;
    while (source() === undefined) {
      if (performance.now() > deadline) return null;
      await nextTurn();
    }
    let collected = new Float32Array();
    let have = 0;
    let rate = 0;
    const complete = await read(source(), (heard, sampleRate) => {
      if (rate === 0) {
        rate = sampleRate;
        collected = new Float32Array(Math.ceil((count * rate) / USUAL_RATE));
      }
      const samples = atRate(rate, heard, sampleRate);
      const missing = collected.length - have;
      collected.set(samples.subarray(0, missing), have);
      have += Math.min(samples.length, missing);
      return have === collected.length;
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

  /** How many far ends are heard at this moment. */
  const playersHeard = () => [...players].filter(isHeard).length;

  globalThis.handsetTest = { nextSound, firstSound, playersHeard };
})();
