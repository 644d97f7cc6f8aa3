import { join } from 'node:path';
import { environmentOf, type Part, partPaths, type Settings, type Topology } from '@handset/gateway-config';
import { mounts, secretsFile } from './configuration.ts';
import { dyingWithUs } from './install/run.ts';
import { debianRoot, pageDirectory, repo } from './places.ts';
import type { Program } from './process.ts';
import { httpAnswers, sipAnswers, stunAnswers, tcpAccepts } from './readiness.ts';

/** The command that runs a program inside the private Debian root. A container is such a root already. */
export function insideRoot(data: string, command: readonly string[]): { command: string; args: string[] } {
  const [program = '', ...programArgs] = command;
  if (process.env.HANDSET_TOPOLOGY === 'compose') return { command: program, args: programArgs };
  return {
    command: '/bin/sh',
    args: [join(repo, 'asterisk/lab/enter.sh'), debianRoot, data, pageDirectory, ...command],
  };
}

const FIRST_UNPRIVILEGED_PORT = 1024;

/** The server, which makes the database that the gateway reads: it is started before the others. */
export function serverProgram(data: string, settings: Settings, topology: Topology): Program {
  return {
    name: 'server',
    ...dyingWithUs([process.execPath, join(repo, 'server/src/main.ts')]),
    env: {
      ...environmentOf(settings),
      HANDSET_DATA: data,
      HANDSET_SECRETS: secretsFile(data),
      HANDSET_TOPOLOGY: topology.kind,
    },
    ready: (signal) =>
      httpAnswers(`http://${topology.internal.host}:${topology.internal.port}/readyz`, signal),
  };
}

/** Everything that runs beside the server, inside the private root. */
export function rootPrograms(data: string, topology: Topology): Program[] {
  const { gatewaySip, gatewayHttp, pstn, turn, page, tls } = topology;
  const rooted = (name: string, command: readonly string[], ready: Program['ready'], env = {}): Program => ({
    name,
    ...insideRoot(data, command),
    env,
    ready,
    watched: true,
  });
  return [
    rooted(
      'gateway',
      asterisk('gateway'),
      async (signal) => {
        await sipAnswers(gatewaySip.host, gatewaySip.port, signal);
        await tcpAccepts(gatewayHttp.host, gatewayHttp.port, signal);
      },
      { ODBCSYSINI: etc('gateway') },
    ),
    rooted('pstn', asterisk('pstn'), (signal) => sipAnswers(pstn.host, pstn.port, signal)),
    rooted('turn', ['/bin/sh', `${etc('coturn')}/start`], (signal) =>
      stunAnswers(turn.host, turn.port, signal),
    ),
    ...(tls === undefined
      ? []
      : [
          rooted(
            'door',
            ['/usr/sbin/haproxy', '-db', '-f', `${etc('haproxy')}/haproxy.cfg`],
            (signal) => tcpAccepts(tls.front.host, tls.front.port, signal),
            tls.front.port < FIRST_UNPRIVILEGED_PORT ? { ENTER_CAPABILITIES: '+net_bind_service' } : {},
          ),
        ]),
    rooted(
      'page',
      ['/usr/bin/caddy', 'run', '--config', `${etc('caddy')}/Caddyfile`, '--adapter', 'caddyfile'],
      (signal) => httpAnswers(`http://${page.host}:${page.port}/`, signal),
      {
        XDG_DATA_HOME: partPaths('caddy', mounts.data).lib,
        XDG_CONFIG_HOME: partPaths('caddy', mounts.data).lib,
        HOME: '/',
      },
    ),
  ];
}

/** The command line that runs in the console of one of the two Asterisks. */
export function asteriskConsole(part: 'gateway' | 'pstn', command: string): string[] {
  return ['/usr/sbin/asterisk', '-C', `${etc(part)}/asterisk.conf`, '-rx', command];
}

const etc = (part: Part) => partPaths(part, mounts.data).etc;
const asterisk = (part: 'gateway' | 'pstn') => [
  '/usr/sbin/asterisk',
  '-f',
  '-C',
  `${etc(part)}/asterisk.conf`,
];
