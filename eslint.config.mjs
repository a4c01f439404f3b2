import tseslint from 'typescript-eslint';

/** What no file may contain, with the reason that its author reads. */
const FORBIDDEN = [
  {
    selector: 'ExportDefaultDeclaration',
    message: 'export it by its name: a default export is called something else in every file.',
  },
  {
    selector: 'TSExportAssignment',
    message: 'export it by its name; only deploy/main.ts must be what Pulumi calls.',
  },
  {
    selector: 'ExportAllDeclaration, ExportNamedDeclaration[source]',
    message: 'import it where it is used, from the file that has it: barrels hide who needs what.',
  },
  {
    selector: 'TSEnumDeclaration, TSModuleDeclaration, Decorator',
    message:
      'use a union of literals, a module or a function: this is not plain JavaScript with types.',
  },
];

/** The style page, as far as a machine can hold it. Layout is prettier's, arrows are dependency-cruiser's. */
export default tseslint.config(
  { ignores: ['node_modules/', '.beamline/', 'coverage/', 'tests/golden/', 'tools/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      eqeqeq: 'error',
      'max-lines': ['error', 250],
      'no-console': 'error',
      'no-else-return': 'error',
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex:
                '^(assert|child_process|crypto|fs|http|https|net|os|path|process|readline|stream|timers|tls|url|util|zlib)(/|$)',
              message: "write 'node:...', so that a built-in module is told from a package.",
            },
            {
              regex: '^\\.{1,2}/.*\\.(ts|js)$',
              message: 'leave the extension out.',
            },
            {
              regex: '^(lodash|chalk|axios|node-fetch|moment|uuid|yargs)(/|$)',
              message: 'the project has a library for this already: see package.json.',
            },
          ],
        },
      ],
      'no-restricted-syntax': ['error', ...FORBIDDEN],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
      'object-shorthand': 'error',
      'prefer-template': 'error',
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/max-params': ['error', { max: 4 }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidOperator: true },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // A number or a text that may be missing is compared with undefined: 0 and '' are values.
      '@typescript-eslint/strict-boolean-expressions': ['error', { allowNumber: false }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    // Tests may be as long as the table of cases they hold.
    files: ['tests/**/*.ts'],
    rules: {
      'max-lines': 'off',
      // A row of a table of cases may have as many columns as it needs, and jest's matchers stand for any value.
      '@typescript-eslint/max-params': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
  {
    // Pulumi calls what `main` exports.
    files: ['deploy/main.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...FORBIDDEN.filter(({ selector }) => selector !== 'TSExportAssignment'),
      ],
    },
  },
);
