import type { Codec } from '@handset/gateway-config';
import { isShort } from './dialled.ts';
import type { PhoneConfig } from './provisioning-port.ts';

/**
 * What a call to `target` is offered with: an extension with all that the phone has, the outside with what needs no
 * translation at the gateway. A colleague who is called by their telephone number is taken for the outside.
 * @param handedOn what a call has that is to be handed on to `target`: a colleague is called with that
 */
export function offeredTo(
  target: string,
  config: Pick<PhoneConfig, 'codecs' | 'outsideCodecs' | 'emergencyNumbers'>,
  handedOn: readonly Codec[] = config.codecs,
): readonly Codec[] {
  return isShort(target) && !config.emergencyNumbers.includes(target) ? handedOn : config.outsideCodecs;
}
