import type { Codec } from '@handset/gateway-config';

type Described = Pick<RTCRtpCodec, 'mimeType' | 'clockRate'>;

/** Offers these codecs in this order, and telephone events; nothing that the gateway can't use. */
export function offerInOrder(transceiver: RTCRtpTransceiver, codecs: readonly Codec[]): void {
  const wanted = inOrder(RTCRtpReceiver.getCapabilities('audio')?.codecs ?? [], codecs);
  if (wanted.length > 0) transceiver.setCodecPreferences(wanted);
}

/** What of the browser's codecs is offered, first the best. */
export function inOrder<Browsers extends Described>(
  browsers: readonly Browsers[],
  codecs: readonly Codec[],
): Browsers[] {
  const names = [...codecs, 'telephone-event'].map((codec) => `audio/${codec}`);
  const rank = ({ mimeType }: Described) => names.indexOf(mimeType.toLowerCase());
  return browsers
    .filter((codec) => rank(codec) >= 0 && !isOfAnotherClock(codec, browsers, codecs))
    .sort((a, b) => rank(a) - rank(b));
}

/**
 * Events share the clock of the sound they belong to (RFC 4733 §2.1). Offered both, Chromium takes those of
 * 8 kHz and counts them on Opus' 48 kHz: tones of a sixth of their length, in packets that are lost together.
 * So only those of the first codec's clock are offered.
 */
function isOfAnotherClock(
  { mimeType, clockRate }: Described,
  browsers: readonly Described[],
  [first]: readonly Codec[],
): boolean {
  const isEvent = (codec: Described) => codec.mimeType.toLowerCase() === 'audio/telephone-event';
  if (!isEvent({ mimeType, clockRate })) return false;
  const clock = browsers.find((codec) => codec.mimeType.toLowerCase() === `audio/${first}`)?.clockRate;
  const hasOwn = browsers.some((codec) => isEvent(codec) && codec.clockRate === clock);
  return hasOwn && clockRate !== clock;
}

/**
 * A description in which Opus is received with in-band FEC (RFC 7587 §6.1). The gateway takes advantage of it, and says
 * nothing of it: browsers would leave it out.
 */
export function withOpusFec(sdp: string): string {
  const payload = /^a=rtpmap:(\d+) opus\/48000/im.exec(sdp)?.[1];
  if (payload === undefined) return sdp;
  const parameters = new RegExp(`^a=fmtp:${payload} .*$`, 'm').exec(sdp)?.[0];
  if (parameters === undefined)
    return sdp.replace(/^(a=rtpmap:\d+ opus\/48000.*?)(\r?\n)/im, `$1$2a=fmtp:${payload} useinbandfec=1$2`);
  return parameters.includes('useinbandfec=') ? sdp : sdp.replace(parameters, `${parameters};useinbandfec=1`);
}
