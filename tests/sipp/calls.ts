import type { Address, Scenario, ScenarioRun } from './run-scenario.ts';
import type { SipMessage } from './trace.ts';
import type { Phone, Sipp, Subscriber, World } from './world.ts';

/** What a scenario is started with beside its name. */
export type Options = Pick<Scenario, 'keys' | 'pauseMs' | 'calls' | 'rate' | 'patient'>;

/** Has a subscriber's phone call a number. */
export function phoneCalls(
  world: World,
  sipp: Sipp,
  { extension, phone }: Subscriber,
  dialed: string,
  scenario: string,
  options: Options = {},
): Promise<ScenarioRun> {
  const { user, password } = phone;
  const keys = { dialed, caller: extension, user, password, name: 'Whoever I like', ...options.keys };
  return sipp({ ...options, name: scenario, at: phone.at, to: world.gateway, keys });
}

/** Has the carrier wait for calls. */
export function carrierExpects(
  world: World,
  sipp: Sipp,
  scenario: string,
  options: Options = {},
): Promise<ScenarioRun> {
  return sipp({ ...options, name: scenario, at: world.carrier });
}

/** Has someone who needs no password call a number through the gateway's trunk side. */
export function carrierCalls(
  world: World,
  sipp: Sipp,
  dialed: string,
  scenario: string,
  options: Options & { readonly from?: Address } = {},
): Promise<ScenarioRun> {
  const { from = { address: world.carrier.address, port: world.port() }, ...rest } = options;
  const keys = { dialed, caller: '+12125550123', ...options.keys };
  return sipp({ ...rest, name: scenario, at: from, to: world.gateway, keys });
}

/** Registers a phone where it is. */
export async function registerPhone(
  world: World,
  sipp: Sipp,
  extension: string,
  { user, password, at }: Phone,
): Promise<void> {
  const run = await sipp({ name: 'register', at, to: world.gateway, keys: { extension, user, password } });
  await run.done;
}

/** Registers a subscriber's phone and has it wait for calls. */
export async function phoneExpects(
  world: World,
  sipp: Sipp,
  { extension, phone }: Subscriber,
  scenario: string,
  options: Options = {},
): Promise<ScenarioRun> {
  await registerPhone(world, sipp, extension, phone);
  return sipp({ ...options, name: scenario, at: phone.at, keys: { user: phone.user, ...options.keys } });
}

/** The Q.850 cause of a message's Reason header (RFC 3326). */
export function q850(message: SipMessage | undefined): number {
  return Number(/Q\.850;\s*cause=(\d+)/.exec(message?.header('Reason') ?? '')?.[1] ?? 0);
}
