/** What both projects share. */
const common = {
  testEnvironment: 'node',
  roots: ['<rootDir>/tests'],
  setupFiles: ['<rootDir>/tests/setup/environment.cjs'],
  transform: {
    '\\.(ts|js|mjs)$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  // Some dependencies ship ES modules only; jest runs CommonJS and compiles them on the way in.
  transformIgnorePatterns: [
    '/node_modules/(typescript|cdk8s|constructs|@pulumi|@grpc|google-protobuf|yaml|zod|fast-check)/',
  ],
  // execa's dependency answers to "import" alone in its exports.
  moduleNameMapper: { '^unicorn-magic$': '<rootDir>/node_modules/unicorn-magic/node.js' },
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
};

/** What needs the toolchain and a control plane. */
const INTEGRATION = ['<rootDir>/tests/integration/**/*.test.ts', '**/*.integration.test.ts'];

/** @type {import('jest').Config} */
module.exports = {
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['**/*.test.ts'],
      testPathIgnorePatterns: ['<rootDir>/tests/integration/', '\\.integration\\.test\\.ts$'],
    },
    {
      ...common,
      displayName: 'integration',
      testMatch: INTEGRATION,
      globalSetup: '<rootDir>/tests/integration/support/global-setup.cjs',
      globalTeardown: '<rootDir>/tests/integration/support/global-teardown.cjs',
    },
  ],
  reporters: ['default', '<rootDir>/tests/setup/tally.cjs'],
};
