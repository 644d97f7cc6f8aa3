import type { CallState } from './call-state.ts';
import { hasVoice, isRinging } from './floor.ts';

/** What the phone itself plays on account of its calls. */
export type LineSound = 'silence' | 'ring' | 'ringback' | 'call-waiting';

/** A call that comes in while the person speaks in another one knocks softly; it rings where nobody speaks. */
export function lineSound(calls: readonly CallState[]): LineSound {
  const speaking = calls.some(hasVoice);
  if (calls.some(isRinging)) return speaking ? 'call-waiting' : 'ring';
  const rings = calls.some((call) => hasVoice(call) && call.status === 'ringing' && !call.answering);
  return rings ? 'ringback' : 'silence';
}
