import { join } from 'node:path';
import { type Browser, firefox } from 'playwright-core';
import { repo } from '../../asterisk/lab/places.ts';

type Preferences = Readonly<Record<string, string | number | boolean>>;

const PREFERENCES: Preferences = {
  // Nobody is there to be asked.
  'media.navigator.permission.disabled': true,
  'media.autoplay.default': 0,
  // Without it nothing is played, and so nothing heard, on a machine without a sound card.
  'media.cubeb.force_mock_context': true,
  // All parts of a lab are on this machine.
  'media.peerconnection.ice.loopback': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  // A page at `localhost` goes through the test's proxy, too.
  'network.proxy.allow_hijacking_localhost': true,
  'ui.prefersReducedMotion': 1,
};

/**
 * Starts Debian's Firefox ESR, driven by WebDriver BiDi.
 * @param pitch of the tone in its microphone, in hertz; none where not given
 */
export async function launchFirefox(pitch: number | undefined): Promise<Browser> {
  const microphone: Preferences =
    pitch === undefined
      ? {}
      : { 'media.navigator.streams.fake': true, 'media.navigator.audio.fake_frequency': pitch };
  const browser = await firefox.launch({
    channel: 'moz-firefox',
    executablePath: join(repo, 'asterisk/lab/bin/firefox'),
    firefoxUserPrefs: { ...PREFERENCES, ...microphone },
  });
  toleratesNoMediaFeatures(browser);
  return browser;
}

interface Session {
  send(method: string, parameters: unknown): Promise<unknown>;
}

/** The one command for media features that each new context sends is not in this release of Firefox yet. */
const UNKNOWN_COMMAND = 'emulation.setMediaFeaturesOverride';

function toleratesNoMediaFeatures(browser: Browser): void {
  const inside = browser as unknown as {
    _connection: { toImpl(object: Browser): { _browserSession: Session } };
  };
  const session = inside._connection.toImpl(browser)._browserSession;
  const send = session.send.bind(session);
  session.send = (method, parameters) =>
    method === UNKNOWN_COMMAND ? Promise.resolve({}) : send(method, parameters);
}
