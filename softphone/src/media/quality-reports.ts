import { ProvisioningError, type ProvisioningPort, type QualityReport } from '../call/provisioning-port.ts';

const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 60_000;
/** About an hour. */
const MOST_TRIES = 64;

/** Sends reports on calls, again and again while the server can't be reached. */
export class QualityReports {
  readonly #provisioning: Pick<ProvisioningPort, 'reportQuality'>;

  constructor(provisioning: Pick<ProvisioningPort, 'reportQuality'>) {
    this.#provisioning = provisioning;
  }

  send(sipCallId: string, report: QualityReport): void {
    void this.#try(sipCallId, report, 1, FIRST_RETRY_MS);
  }

  async #try(sipCallId: string, report: QualityReport, tries: number, waitMs: number): Promise<void> {
    try {
      await this.#provisioning.reportQuality(sipCallId, report);
    } catch (error) {
      // Somebody who has signed out meanwhile can't report any more.
      const inVain = error instanceof ProvisioningError && error.fault === 'signed-out';
      if (inVain || tries >= MOST_TRIES) return;
      const next = Math.min(2 * waitMs, LONGEST_RETRY_MS);
      setTimeout(() => void this.#try(sipCallId, report, tries + 1, next), waitMs);
    }
  }
}
