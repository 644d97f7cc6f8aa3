import type { CallState } from './call-state.ts';
import type { ConnectionStatus } from './connection-state.ts';
import type { ThirdCall } from './floor.ts';
import type { Party } from './line-port.ts';
import type { MicrophoneState } from './media-port.ts';
import type { Merge } from './merges.ts';
import type { PhoneUser, ProvisioningFault } from './provisioning-port.ts';
import type { TraceStep } from './trace.ts';
import type { Transfer } from './transfers.ts';

/** One call at one moment. Immutable: a changed call is a new object. */
export interface CallSnapshot extends CallState {
  readonly id: string;
  readonly remote: Party;
  /** The SIP messages of this call, in the order in which they passed. */
  readonly trace: readonly TraceStep[];
}

export interface ConnectionSnapshot {
  readonly status: ConnectionStatus;
  readonly wasReady: boolean;
  /** The gateway's address; empty while there is none. */
  readonly server: string;
  /** The SIP messages of the latest registration. */
  readonly trace: readonly TraceStep[];
}

/**
 * - `unknown`: the page has just loaded and asks whether this browser is signed in
 * - `unreachable`: the server that would know does not answer; it is asked again
 */
export type SessionState = 'unknown' | 'unreachable' | 'signed-out' | 'signing-in' | 'signed-in';

/** The whole phone at one moment. Immutable; equal parts stay the same objects. */
export interface PhoneSnapshot {
  readonly session: SessionState;
  /** Why the last sign-in failed, or why the session ended. */
  readonly fault?: ProvisioningFault;
  readonly user?: PhoneUser;
  readonly country: string;
  readonly connection: ConnectionSnapshot;
  readonly microphone: MicrophoneState;
  /** Calls would ring unheard, until the person touches the page. */
  readonly ringBlocked: boolean;
  /** Calls that are up, in the order in which they began, and the last one that ended. */
  readonly calls: readonly CallSnapshot[];
  /** Id of the call that has the floor: the person here speaks in it, and keys and mute are about it. */
  readonly floor?: string;
  /** The call that is being handed on, or the last one for which that failed. */
  readonly transfer?: Transfer;
  /** Calls that are being merged into a conference, or the last ones for which that failed. */
  readonly merge?: Merge;
  readonly thirdCall: ThirdCall;
}
