export { readConfig, type ServerConfig } from './config.ts';
export { createLog } from './log.ts';
export { type RunningServer, startServer } from './server.ts';
export { StartError } from './start-error.ts';
