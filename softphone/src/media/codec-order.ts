import type { Codec } from '@handset/gateway-config';

type Described = Pick<RTCRtpCodec, 'mimeType' | 'clockRate'>;

/** A payload type of a description (RFC 8866 §6.6). */
interface Payload extends Described {
  readonly number: string;
}

const EVENTS = 'audio/telephone-event';

/**
 * Prepares to offer these codecs, and telephone events; nothing that the gateway can't use. What of it a call is offered
 * is decided when it is known who is called: see {@link offerOnly}.
 */
export function prepareToOffer(transceiver: RTCRtpTransceiver, codecs: readonly Codec[]): void {
  const wanted = inOrder(RTCRtpReceiver.getCapabilities('audio')?.codecs ?? [], codecs);
  if (wanted.length > 0) transceiver.setCodecPreferences(wanted);
}

/** What there is of these codecs, first the best, and then telephone events. */
export function inOrder<Browsers extends Described>(
  browsers: readonly Browsers[],
  codecs: readonly Codec[],
): Browsers[] {
  const names = [...codecs.map((codec) => `audio/${codec}`), EVENTS];
  const rank = ({ mimeType }: Described) => names.indexOf(mimeType.toLowerCase());
  return browsers.filter((codec) => rank(codec) >= 0).sort((a, b) => rank(a) - rank(b));
}

/**
 * An offer with no more than these codecs, in this order. The browser has prepared more than is sent; the answer knows a
 * part of it then, as any answer may (RFC 3264 §6.1).
 */
export function offerOnly(sdp: string, codecs: readonly Codec[]): string {
  const wanted = inOrder(payloadsOf(sdp), codecs);
  if (wanted.every(isEvent)) return sdp;
  const kept = wanted.filter((payload) => !isOfAnotherClock(payload, wanted)).map(({ number }) => number);
  return sdp
    .replace(/^a=(?:rtpmap|fmtp|rtcp-fb):(\d+) .*\r\n/gm, (line, number) =>
      kept.includes(number) ? line : '',
    )
    .replace(/^(m=audio \S+ \S+).*/m, `$1 ${kept.join(' ')}`);
}

/**
 * Events share the clock of the sound they belong to (RFC 4733 §2.1). Where both are agreed on, Chromium takes those of
 * 8 kHz and counts them on Opus' 48 kHz: tones of a sixth of their length, in packets that are lost together.
 * So only those of the first codec's clock are offered.
 */
function isOfAnotherClock(payload: Described, offered: readonly Described[]): boolean {
  if (!isEvent(payload)) return false;
  const clock = offered[0]?.clockRate;
  const hasOwn = offered.some((codec) => isEvent(codec) && codec.clockRate === clock);
  return hasOwn && payload.clockRate !== clock;
}

function isEvent({ mimeType }: Described): boolean {
  return mimeType.toLowerCase() === EVENTS;
}

/** Which of these codecs a description names, in its order. */
export function codecsOf(sdp: string, known: readonly Codec[]): readonly Codec[] {
  return payloadsOf(sdp).flatMap(({ mimeType }) => known.filter((codec) => mimeType === `audio/${codec}`));
}

function payloadsOf(sdp: string): Payload[] {
  const named = new Map<string, Payload>();
  for (const [, number = '', name = '', clock] of sdp.matchAll(/^a=rtpmap:(\d+) ([^/]+)\/(\d+)/gm))
    named.set(number, { number, mimeType: `audio/${name.toLowerCase()}`, clockRate: Number(clock) });
  const numbers = /^m=audio \S+ \S+ (.*)$/m.exec(sdp)?.[1]?.trim().split(' ') ?? [];
  return numbers.flatMap((number) => named.get(number) ?? []);
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
