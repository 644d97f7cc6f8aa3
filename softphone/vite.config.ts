import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import {
  type BuildOptions,
  build,
  defineConfig,
  type HtmlTagDescriptor,
  type Plugin,
  type ResolvedConfig,
} from 'vite';

const common = {
  target: ['chrome123', 'firefox121', 'safari17.5'],
  // A polyfill would be one more script; every browser that this targets preloads modules by itself.
  modulePreload: { polyfill: false },
  assetsInlineLimit: 0,
  sourcemap: true,
} satisfies BuildOptions;

const COMPRESSIBLE = /\.(js|css|html|svg|json)$/;

/** Writes a `.gz` and a `.br` beside each file that gains by it, for servers that give them out as they are. */
function precompress(): Plugin {
  let out = '';
  return {
    name: 'precompress',
    apply: 'build',
    configResolved: (config) => {
      out = join(config.root, config.build.outDir);
    },
    // Not `closeBundle`: that also runs after a failed build, and would hide its fault behind one of its own.
    writeBundle: async () => {
      const entries = await readdir(out, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile() && COMPRESSIBLE.test(entry.name));
      await Promise.all(files.map((entry) => compress(join(entry.parentPath, entry.name))));
    },
  };
}

/**
 * sip.js' user agent names its own media handling and transport as defaults. This phone brings its own of both, and
 * subscribes to nothing, so these never run and need not be loaded (9 kB compressed).
 */
const UNUSED =
  /(session-description-handler-factory-default|platform\/web\/transport\/transport|\.\.\/transport\/transport|\/subscribe-user-agent-client)\.js$/;
const USER_AGENT = /\/sip\.js\/lib\/(api\/user-agent|core\/user-agent-core\/user-agent-core)\.js$/;

function leaveOutUnused(): Plugin {
  return {
    name: 'leave-out-unused',
    enforce: 'pre',
    resolveId(source, importer = '') {
      const unused = UNUSED.test(source) && USER_AGENT.test(importer);
      return unused ? join(import.meta.dirname, 'src/sip/unused-parts.ts') : null;
    },
  };
}

/** The page's first script (see there), which waits for nothing: Vite itself would make one of all scripts. */
const BOOT = 'src/boot.ts';
/** What the page imports once the phone is registered: fetched from the start. */
const SOON = 'src/index.ts';

/** What the first script imports becomes part of it: a chunk shared with the rest would be one more fetch. */
function bootInOnePiece(): Plugin {
  let boot = '';
  return {
    name: 'boot-in-one-piece',
    apply: 'build',
    enforce: 'pre',
    configResolved: ({ root }) => {
      boot = join(root, BOOT);
    },
    async resolveId(source, importer) {
      if (importer !== boot) return null;
      const resolved = await this.resolve(source, importer, { skipSelf: true });
      return resolved === null ? null : `${resolved.id}?boot`;
    },
  };
}

/** What pages of others import: a name that stays, in front of the files with hashes in theirs. */
const EMBED = 'embed.js';

/** Builds the library for them, too, beside the page: in one build the page would come in more pieces. */
function embedding(): Plugin {
  let config: ResolvedConfig | undefined;
  return {
    name: 'embedding',
    apply: 'build',
    configResolved: (resolved) => {
      config = resolved;
    },
    writeBundle: {
      sequential: true,
      order: 'pre',
      handler: async () => {
        if (config === undefined) return;
        const { root, build: page } = config;
        await build({
          configFile: false,
          root,
          // What is imported later is found beside what imports it, on whatever page.
          base: './',
          logLevel: 'warn',
          build: {
            ...common,
            outDir: page.outDir,
            emptyOutDir: false,
            copyPublicDir: false,
            rolldownOptions: {
              input: join(root, SOON),
              preserveEntrySignatures: 'strict',
              output: { entryFileNames: EMBED },
            },
          },
          plugins: [leaveOutUnused()],
        });
      },
    },
  };
}

/** Puts both into the page's head. */
function headOfPage(): Plugin {
  let root = '';
  let developing = false;
  return {
    name: 'head-of-page',
    configResolved: (config) => {
      root = config.root;
      developing = config.command === 'serve';
    },
    buildStart() {
      if (!developing) this.emitFile({ type: 'chunk', id: join(root, BOOT), name: 'boot' });
    },
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        const built = (source: string) =>
          Object.values(bundle ?? {}).find(
            (file) => file.type === 'chunk' && file.facadeModuleId === join(root, source),
          )?.fileName ?? source;
        const boot: HtmlTagDescriptor = {
          tag: 'script',
          attrs: { type: 'module', async: true, crossorigin: true, src: `/${built(BOOT)}` },
          injectTo: 'head-prepend',
        };
        if (developing) return [boot];
        return [
          boot,
          { tag: 'link', attrs: { rel: 'modulepreload', href: `/${built(SOON)}` }, injectTo: 'head' },
        ];
      },
    },
  };
}

async function compress(file: string): Promise<void> {
  const content = await readFile(file);
  const [gz, br] = await Promise.all([
    promisify(gzip)(content, { level: 9 }),
    promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
  ]);
  await Promise.all([writeFile(`${file}.gz`, gz), writeFile(`${file}.br`, br)]);
}

/** While developing (`npx vite softphone`): the lab that `npm start` brought up answers behind the page. */
const lab = `http://localhost:${process.env.HANDSET_PORT ?? 8080}`;

export default defineConfig({
  build: common,
  server: { proxy: { '/v1': lab, '/ws': { target: lab, ws: true } } },
  plugins: [leaveOutUnused(), bootInOnePiece(), embedding(), headOfPage(), precompress()],
});
