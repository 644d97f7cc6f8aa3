import type { AttendedPhone, CallQuality, QualityPort } from '../call/ports.ts';
import type { ProvisioningPort } from '../call/provisioning-port.ts';
import type { QualityMonitor } from './quality-monitor.ts';

/** Loads what listens along with the first call that is up: a phone that only waits for calls needs none of it. */
export class LazyQuality implements QualityPort {
  readonly #provisioning: Pick<ProvisioningPort, 'reportQuality'>;
  readonly #listeners = new Set<() => void>();
  #monitor: QualityMonitor | undefined;

  constructor(provisioning: Pick<ProvisioningPort, 'reportQuality'>) {
    this.#provisioning = provisioning;
  }

  attend(phone: AttendedPhone): void {
    const end = phone.subscribe(() => {
      if (!phone.calls.some(({ state }) => state.status === 'established')) return;
      end();
      void this.#load(phone).catch(() => this.attend(phone));
    });
  }

  of(call: string): CallQuality | undefined {
    return this.#monitor?.of(call);
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #load(phone: AttendedPhone): Promise<void> {
    const { QualityMonitor } = await import('./quality-monitor.ts');
    this.#monitor ??= new QualityMonitor(phone, this.#provisioning, () => {
      for (const listener of this.#listeners) listener();
    });
  }
}
