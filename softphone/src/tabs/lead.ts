/** The lock that one tab of the origin holds for as long as it lives, for each provisioning API one. */
const lockOf = (api: string) => `handset-lead ${api}`;

const FOR_EVER = new Promise<never>(() => {});

/**
 * Leading is having the line: one tab registers and has the calls. The browser itself gives the lead on, also when
 * the tab that had it has crashed. Where there are no locks (a page without a secure context), each tab leads.
 */
export async function leadIfFree(api: string, locks = lockManager()): Promise<boolean> {
  if (locks === undefined) return true;
  return new Promise((resolve) => {
    const taken = locks.request(lockOf(api), { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : FOR_EVER;
    });
    taken.catch(() => resolve(true));
  });
}

/** Resolves when it is this tab's turn to lead. */
export async function leadNext(api: string, locks = lockManager()): Promise<void> {
  if (locks === undefined) return;
  await new Promise<void>((resolve) => {
    const taken = locks.request(lockOf(api), () => {
      resolve();
      return FOR_EVER;
    });
    taken.catch(() => resolve());
  });
}

function lockManager(): LockManager | undefined {
  return globalThis.navigator?.locks;
}
