import type { PhoneSnapshot } from '../call/snapshot.ts';

/** What pages around the phone are told between two of its snapshots. */
export function stateEvents(before: PhoneSnapshot | undefined, now: PhoneSnapshot): readonly CustomEvent[] {
  const changed = now.calls.filter(
    (call) => before?.calls.find(({ id }) => id === call.id)?.status !== call.status,
  );
  const events = changed.map((call) => stateEvent('call-state', call));
  return before?.connection.status === now.connection.status
    ? events
    : [...events, stateEvent('registration-state', now.connection)];
}

function stateEvent(type: string, detail: unknown): CustomEvent {
  return new CustomEvent(type, { detail, bubbles: true, composed: true });
}
