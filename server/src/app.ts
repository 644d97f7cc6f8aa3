import { emergencyNumbers } from '@handset/gateway-config';
import express, { type Express } from 'express';
import helmet from 'helmet';
import { admissionCheckRoutes, admissionRoutes } from './admission/routes.ts';
import type { AdmissionWorld } from './admission/snapshot.ts';
import type { IsSilent } from './admission/trunk-places.ts';
import { ApiKeys } from './api-keys/api-keys.ts';
import { apiKeyRoutes } from './api-keys/routes.ts';
import { AuditLog } from './audit/audit.ts';
import { auditRoutes } from './audit/routes.ts';
import { Bans } from './bans/bans.ts';
import { banRoutes } from './bans/routes.ts';
import { callQualityRoutes } from './call-quality/routes.ts';
import { CallRecords } from './call-records/call-records.ts';
import { callRecordRoutes } from './call-records/routes.ts';
import { type CallGateway, Calls } from './calls/calls.ts';
import { callRoutes } from './calls/routes.ts';
import { type ConferenceGateway, Conferences } from './conferences/conferences.ts';
import { conferenceRoutes } from './conferences/routes.ts';
import type { ServerConfig } from './config.ts';
import type { Database } from './db/database.ts';
import { Devices, type Registered } from './devices/devices.ts';
import { deviceRoutes } from './devices/routes.ts';
import type { EventLog } from './events/event-log.ts';
import { eventRoutes } from './events/routes.ts';
import { noSuchRoute, problemHandler } from './http/errors.ts';
import { mount } from './http/mount.ts';
import { openApiRoute } from './http/openapi.ts';
import { requestLog } from './http/request-log.ts';
import type { RequestFacts, Route } from './http/route.ts';
import { isProxy } from './http/trust.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics/metrics.ts';
import { Numbers } from './numbers/numbers.ts';
import { numberRoutes } from './numbers/routes.ts';
import { type PhoneCallGateway, PhoneCalls } from './phone-calls/phone-calls.ts';
import { phoneCallRoutes } from './phone-calls/routes.ts';
import { phoneConfigRoutes } from './phone-config/routes.ts';
import { PhoneTokens } from './phone-tokens/phone-tokens.ts';
import { phoneTokenRoutes } from './phone-tokens/routes.ts';
import { Policies } from './policies/policies.ts';
import { callingLimitRoutes, rateRoutes } from './policies/rate-routes.ts';
import { Rates } from './policies/rates.ts';
import { policyRoutes } from './policies/routes.ts';
import { sameSecret } from './random.ts';
import { sessionRoutes } from './sessions/routes.ts';
import { Sessions } from './sessions/sessions.ts';
import { SignInLimit } from './sessions/sign-in-limit.ts';
import { healthRoutes, metricsRoutes } from './system/routes.ts';
import { hostAsker } from './trunks/ask-host.ts';
import { resolveHosts } from './trunks/resolver.ts';
import { trunkRoutes } from './trunks/routes.ts';
import { type TrunkQuestions, TrunkStatuses } from './trunks/status.ts';
import { Trunks } from './trunks/trunks.ts';
import { userRoutes } from './users/routes.ts';
import { Users } from './users/users.ts';

/** What the two applications are made of. */
export interface AppContext {
  readonly config: ServerConfig;
  readonly database: Database;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly events: EventLog;
  readonly gateway: CallGateway &
    ConferenceGateway &
    PhoneCallGateway & {
      readonly isConnected: () => boolean;
      /** Tells the gateway of revocations that were just committed. */
      readonly onRevoked: () => void;
      /** The same of bans that were lifted. */
      readonly onBansChanged: () => void;
      readonly registered: Registered;
      /** Tells the gateway of trunks that were just changed. */
      readonly onTrunksChanged: () => void;
      readonly isSilent: IsSilent;
      readonly trunks: TrunkQuestions;
    };
  /** Whether each reply is held against its declared schema: in tests. */
  readonly checkReplies: boolean;
}

export interface Apps {
  /** For people and operators, behind the page's origin. */
  readonly api: Express;
  /** For the gateway and Prometheus; never reachable from outside. */
  readonly internal: Express;
  readonly routes: { readonly api: readonly Route[]; readonly internal: readonly Route[] };
}

/** Puts the server together; listens to nothing yet. */
export function createApps(context: AppContext): Apps {
  const { config, database, log, metrics, gateway } = context;
  const sessions = new Sessions(database, new SignInLimit());
  const apiKeys = new ApiKeys(database);
  const phoneTokens = new PhoneTokens(database, {
    secret: config.secrets.internal,
    credentialMs: config.settings.HANDSET_CREDENTIAL_TTL * 1000,
  });
  const health = healthRoutes({ database, isGatewayConnected: gateway.isConnected });
  const documented = [...publicRoutes(context, sessions, apiKeys, phoneTokens), ...health];
  const routes = {
    api: [...documented, openApiRoute(documented, config.topology.publicUrl)],
    internal: [...admissions(context), ...metricsRoutes(metrics.registry), ...health],
  };
  const options = {
    authenticator: {
      operatorOf: (key: string) => apiKeys.operatorOf(key),
      personOf: (token: string) => sessions.personOf(token),
      phoneOf: (token: string, facts: RequestFacts) => phoneTokens.personOf(token, facts),
      isGateway: (token: string) => sameSecret(token, config.secrets.internal),
    },
    database,
    publicUrl: config.topology.publicUrl,
    embedOrigins: config.settings.HANDSET_EMBED_ORIGINS ?? [],
    digestSecret: config.secrets.internal,
    checkReplies: context.checkReplies,
  };
  const application = (mounted: readonly Route[]): Express => {
    const app = express();
    app.set('trust proxy', isProxy);
    app.set('etag', false);
    app.use(requestLog(log), metrics.middleware, helmet(helmetOptions), neverStored);
    mount(app, mounted, options);
    app.use(noSuchRoute, problemHandler(log));
    return app;
  };
  return { api: application(routes.api), internal: application(routes.internal), routes };
}

function publicRoutes(
  context: AppContext,
  sessions: Sessions,
  apiKeys: ApiKeys,
  phoneTokens: PhoneTokens,
): Route[] {
  const { config, database, gateway, events } = context;
  const { settings } = config;
  const range = { first: settings.HANDSET_EXTENSION_FIRST, last: settings.HANDSET_EXTENSION_LAST };
  const users = { range, emergencyNumbers: emergencyNumbers(settings) };
  const numbers = new Numbers(database);
  return [
    ...userRoutes(new Users(database, users, numbers), gateway.onRevoked),
    ...deviceRoutes(new Devices(database, gateway.registered), gateway.onRevoked),
    ...numberRoutes(numbers),
    ...sessionRoutes(sessions, gateway.onRevoked),
    ...phoneTokenRoutes(phoneTokens),
    ...phoneConfigRoutes({ ...config, database }),
    ...callQualityRoutes(),
    ...callRoutes(new Calls(database, gateway, settings), worldOf(context)),
    ...phoneCallRoutes(new PhoneCalls(database, gateway)),
    ...conferenceRoutes(new Conferences(gateway)),
    ...eventRoutes(events),
    ...callRecordRoutes(new CallRecords(database)),
    ...trunksOf(context),
    ...policyRoutes(new Policies(database)),
    ...callingLimitRoutes(database),
    ...rateRoutes(new Rates(database)),
    ...admissionCheckRoutes({ database, world: worldOf(context) }),
    ...banRoutes(new Bans(database), gateway.onBansChanged),
    ...apiKeyRoutes(apiKeys),
    ...auditRoutes(new AuditLog(database)),
  ];
}

function trunksOf({ config, database, gateway }: AppContext): Route[] {
  const { settings, topology } = config;
  const trunks = new Trunks(database, {
    domain: settings.HANDSET_DOMAIN,
    carrier: topology.trunk,
    resolve: resolveHosts,
    onChanged: gateway.onTrunksChanged,
  });
  return trunkRoutes(
    trunks,
    new TrunkStatuses(database, gateway.trunks, hostAsker(settings), topology.gatewaySip.bind),
  );
}

/** What admission depends on beside the database. */
function worldOf({ config, gateway }: AppContext): AdmissionWorld {
  const { settings } = config;
  return {
    country: settings.HANDSET_COUNTRY,
    isSilent: gateway.isSilent,
    emergencyNumbers: emergencyNumbers(settings),
  };
}

function admissions(context: AppContext): Route[] {
  const { database, log, metrics } = context;
  return admissionRoutes({
    database,
    world: worldOf(context),
    onDecision(decision, callId) {
      const reason = decision.decision === 'refuse' ? decision.reason : '';
      metrics.countAdmission(decision.decision, reason);
      log.info(
        { callId, decision: decision.decision, reason: reason || undefined, because: decision.because },
        'Call admission decided',
      );
    },
  });
}

/** The API shows nothing in a browser: nothing may load, nothing may frame it. */
const helmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  },
  // Whether the origin is https for ever is for the proxy in front to say.
  strictTransportSecurity: false,
} as const;

const neverStored: express.RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};
