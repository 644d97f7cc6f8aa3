import { remember, remembered } from '../ui/memory.ts';

const WORKER = '/notification-worker.js';

/** `off`: allowed by the browser, and switched off here. */
export type NotificationState = 'unsupported' | 'unasked' | 'denied' | 'on' | 'off';

export function notificationState(): NotificationState {
  if (!('Notification' in globalThis) || !('serviceWorker' in navigator)) return 'unsupported';
  if (Notification.permission === 'denied') return 'denied';
  if (Notification.permission === 'default') return 'unasked';
  return remembered('notifications') === 'off' ? 'off' : 'on';
}

/** Asks for the permission where it was not given yet; to be called while the person presses something. */
export async function turnOnNotifications(): Promise<void> {
  remember('notifications', 'on');
  if ((await Notification.requestPermission()) === 'granted') await getReady();
}

export function turnOffNotifications(): void {
  remember('notifications', 'off');
}

/** What a person does with a notification of a call; `show` is a press on the notification itself. */
export type NotificationAction = 'answer' | 'decline' | 'show';

export interface CallNotification {
  /** Names the call among all pages of this browser. */
  readonly call: string;
  readonly title: string;
  readonly language: string;
  readonly answer: string;
  readonly decline: string;
}

/** `actions` are of service workers' notifications alone, and not in TypeScript's DOM. */
type OptionsWithActions = NotificationOptions & {
  readonly actions: readonly { readonly action: NotificationAction; readonly title: string }[];
};

let turn: Promise<void> = Promise.resolve();

/** What is asked of notifications happens one after the other: Chromium forgets one of which is asked while it is being shown. */
function inTurn(work: () => Promise<void>): void {
  turn = turn.then(work).catch(() => undefined);
}

/** Shows a call. Without permission, or where there is no service worker, nothing happens. */
export function notify(notification: CallNotification): void {
  inTurn(() => show(notification));
}

/** Takes back what `notify` showed. */
export function withdraw(call: string): void {
  inTurn(() => takeBack(call));
}

async function show({ call, title, language, answer, decline }: CallNotification): Promise<void> {
  if (notificationState() !== 'on') return;
  const options: OptionsWithActions = {
    tag: call,
    data: call,
    lang: language,
    icon: '/favicon-ringing.svg',
    requireInteraction: true,
    // The phone itself rings.
    silent: true,
    actions: [
      { action: 'answer', title: answer },
      { action: 'decline', title: decline },
    ],
  };
  await (await getReady())?.showNotification(title, options);
}

async function takeBack(call: string): Promise<void> {
  if (notificationState() === 'unsupported') return;
  const registration = await navigator.serviceWorker.getRegistration(WORKER).catch(() => undefined);
  for (const notification of (await registration?.getNotifications({ tag: call })) ?? [])
    notification.close();
}

/** Calls back with what was pressed on a notification of a call. */
export function onNotificationAction(listener: (call: string, action: NotificationAction) => void): void {
  navigator.serviceWorker?.addEventListener('message', ({ data }: MessageEvent) => {
    const { handsetCall, action } = (data ?? {}) as { handsetCall?: unknown; action?: unknown };
    const known = action === 'answer' || action === 'decline' || action === 'show';
    if (typeof handsetCall === 'string' && known) listener(handsetCall, action);
  });
  // Messages wait for this where the listener was not set as a property.
  navigator.serviceWorker?.startMessages();
}

async function getReady(): Promise<ServiceWorkerRegistration | undefined> {
  const registration = await navigator.serviceWorker.register(WORKER).catch(() => undefined);
  return registration?.active ? registration : registration && navigator.serviceWorker.ready;
}
