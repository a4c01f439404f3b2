/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/tests'],
  testMatch: ['**/*.test.ts'],
  transform: {
    '\\.(ts|js)$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  // Some dependencies ship ES modules only; jest runs CommonJS and compiles them on the way in.
  transformIgnorePatterns: [
    '/node_modules/(typescript|cdk8s|constructs|@pulumi|@grpc|google-protobuf)/',
  ],
  // execa's dependency answers to "import" alone in its exports.
  moduleNameMapper: { '^unicorn-magic$': '<rootDir>/node_modules/unicorn-magic/node.js' },
};
