import type { RoleSnapshot, SoundDevice } from '../call/devices.ts';

/** Chromium lists these beside the devices that they stand for. */
const STAND_INS = ['default', 'communications'];

/** The devices of one kind that can be chosen by name. */
export function choosable(
  devices: readonly MediaDeviceInfo[],
  kind: 'audioinput' | 'audiooutput',
): readonly SoundDevice[] {
  return devices
    .filter(
      (device) => device.kind === kind && device.deviceId !== '' && !STAND_INS.includes(device.deviceId),
    )
    .map(({ deviceId, label }) => ({ id: deviceId, label }));
}

/** Which device the system's default is just now, as far as the browser tells; it changes with that device. */
export function systemDefault(
  devices: readonly MediaDeviceInfo[],
  kind: 'audioinput' | 'audiooutput',
): string {
  const device = devices.find((candidate) => candidate.kind === kind);
  return device === undefined ? '' : `${device.label} ${device.groupId}`;
}

/**
 * What a choice comes to among the devices that are there. A browser whose site data were cleared has new ids for
 * old devices: then the name tells, where it is the only one.
 */
export function roleSnapshot(devices: readonly SoundDevice[], chosen: SoundDevice | undefined): RoleSnapshot {
  if (chosen === undefined) return { devices, chosen, missing: false };
  const sameName = devices.filter(({ label }) => label === chosen.label && label !== '');
  const found =
    devices.find(({ id }) => id === chosen.id) ?? (sameName.length === 1 ? sameName[0] : undefined);
  return { devices, chosen: found ?? chosen, missing: found === undefined };
}

/** The device to ask the browser for; `undefined`: its default. */
export function inUse({ chosen, missing }: RoleSnapshot): SoundDevice | undefined {
  return missing ? undefined : chosen;
}
