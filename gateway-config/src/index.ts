export * from './e-model.ts';
export * from './identifiers.ts';
export * from './ports.ts';
export * from './render.ts';
export * from './secrets.ts';
export * from './settings.ts';
export * from './sql-views.ts';
export * from './topology.ts';
