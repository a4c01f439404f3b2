// TypeScript runs as it is: tsx compiles our own files, once. Packages are JavaScript already and go to Node's own
// loader, without a look at their source maps: that is half of the time that a command takes to start. Nor is a second
// thread started, as `--import tsx` does.
const Module = require('node:module');

// Keeps what V8 compiled between runs, where Node can (22 and newer).
Module.enableCompileCache?.();

const ofPackages = { load: Module._extensions['.js'], resolve: Module._resolveFilename };
require('tsx/cjs');
const ofOurs = { load: Module._extensions['.js'], resolve: Module._resolveFilename };

const isPackage = (path) => typeof path === 'string' && path.includes('/node_modules/');

// Two packages wait until something of them is used. Pulumi's SDK loads the TypeScript compiler to serialize functions, which
// we never ask of it: 50 MB and 0.2 s. Our own files load undici, 0.1 s, which no command without a network needs.
const waits = (request, from = '') =>
  request === 'typescript'
    ? /pulumi.typescript-shim\.js$/.test(from)
    : request === 'undici' && !isPackage(from);
const loadNow = Module._load;
Module._load = function load(request, parent, isMain) {
  if (!waits(request, parent?.filename)) return loadNow.call(this, request, parent, isMain);
  return new Proxy({}, { get: (_, name) => loadNow.call(this, request, parent, isMain)[name] });
};

let insidePackage = false;

Module._extensions['.js'] = (module, path) => {
  if (!isPackage(path)) return ofOurs.load(module, path);
  if (insidePackage) return ofPackages.load(module, path);
  insidePackage = true;
  process.setSourceMapsEnabled(false);
  try {
    return ofPackages.load(module, path);
  } finally {
    insidePackage = false;
    process.setSourceMapsEnabled(true);
  }
};

Module._resolveFilename = function resolve(request, parent, ...rest) {
  const { resolve: resolver } = isPackage(parent?.filename) ? ofPackages : ofOurs;
  return resolver.call(this, request, parent, ...rest);
};
