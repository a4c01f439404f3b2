/**
 * The arrows of the project. A rule that stops you says why it is there; `tests/architecture/layers.test.ts` runs them and
 * shows, for each, an import that it refuses.
 */

const ENVIRONMENT = '^environments/([^/]+)/';
const BASE = '^constructs/(kit|targets|versions)/|^constructs/[^/]+\\.ts$';
const ISLAND = '^constructs/(?!kit/|targets/|versions/)([^/]+)/';
const ENTRIES =
  '^((cli|deploy)/[^/]+\\.cjs|(deploy|sandbox/simulator)/main\\.ts|deploy/harbor/plugin\\.ts|cli/policy-pack/(serve\\.ts|main\\.cjs)|environments/[^/]+/index\\.ts)$';
const CORE_IO = '^(node:)?(fs|fs/promises|child_process|http|https|http2|dgram|worker_threads)$';
const PACKAGE = (names) => `node_modules/(${names})/`;

/** What a room may import of ours. Everything else of ours is refused. */
const ROOMS = [
  {
    room: 'plan',
    may: ['^plan/', BASE],
    why: 'plan/ turns a tree into ordered objects and is pure: what it needs beside the tree comes in as PlanOptions.',
  },
  {
    room: 'stacks',
    may: ['^stacks/', '^constructs/'],
    why: 'a stack wires constructs together. What a site decides comes in as props, so that every site can use the stack.',
  },
  {
    room: 'upstream',
    may: ['^upstream/', BASE],
    why: 'upstream/ brings pinned files and knows nothing of what they are for.',
  },
  {
    room: 'sandbox',
    may: ['^sandbox/', '^upstream/', '^plan/', BASE, '^environments/[^/]+\\.ts$'],
    why: 'sandbox/ brings a control plane for a specification. It neither deploys to it nor knows any site.',
  },
  {
    room: 'deploy',
    may: ['^deploy/', '^plan/', '^upstream/', BASE, '^environments/[^/]+\\.ts$'],
    why: 'deploy/ registers a plan. It treats all constructs alike: what is special about one travels as a hint.',
  },
  {
    room: 'migrate',
    may: [
      '^migrate/',
      '^constructs/migration/',
      '^deploy/',
      '^plan/',
      '^upstream/',
      BASE,
      '^environments/[^/]+\\.ts$',
    ],
    why: 'migrate/ moves the data of what is deployed, on a cluster that deploy/ has reached. Nothing of what it does is a deployment.',
  },
  {
    room: 'review',
    may: ['^review/', '^plan/', BASE],
    why: 'review/ judges a plan and is pure: it must work where there is neither a cluster nor an engine.',
  },
  {
    room: 'cli',
    may: ['^(cli|deploy|migrate|review|sandbox|upstream|plan|environments|stacks|constructs)/'],
    why: 'a verb parses, calls one room and prints. Nothing that ships depends on tests or bench.',
  },
];

const roomRules = ROOMS.map(({ room, may, why }) => ({
  name: `${room}-imports-only-what-it-may`,
  comment: why,
  severity: 'error',
  from: { path: `^${room}/` },
  to: {
    path: '^(bench|cli|constructs|deploy|environments|migrate|plan|review|sandbox|stacks|tests|upstream)/',
    pathNot: may,
  },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...roomRules,
    {
      name: 'islands-never-meet',
      comment:
        'constructs of different islands meet in a stack, through constructs/contracts.ts. What two islands both need goes to ' +
        'constructs/kit, with a test.',
      severity: 'error',
      from: { path: ISLAND },
      to: {
        path: '^constructs/[^/]+/',
        pathNot: ['^constructs/(kit|targets|versions)/', '^constructs/$1/'],
      },
    },
    {
      name: 'constructs-know-only-constructs',
      comment:
        'a construct is used by every site and every tool: it knows neither who runs it nor how it is deployed.',
      severity: 'error',
      from: { path: '^constructs/' },
      to: {
        path: '^(bench|cli|deploy|environments|migrate|plan|review|sandbox|stacks|tests|upstream)/',
      },
    },
    {
      name: 'the-kit-knows-no-island',
      comment:
        'kit, targets, contracts and versions are what every island stands on. What only one island needs lives on that island.',
      severity: 'error',
      from: { path: BASE },
      to: { path: ISLAND },
    },
    {
      name: 'environments-never-meet',
      comment:
        'a change in one site must not reach another. What two sites share becomes a stack, a construct or a file directly in ' +
        'environments/.',
      severity: 'error',
      from: { path: ENVIRONMENT },
      to: { path: '^environments/[^/]+/', pathNot: '^environments/$1/' },
    },
    {
      name: 'a-site-describes-and-does-nothing',
      comment:
        'a folder of environments/ says what runs there: stacks with facts. Planning, deploying and the machine are the business of ' +
        'other rooms.',
      severity: 'error',
      from: { path: ENVIRONMENT },
      to: { path: '^(bench|cli|deploy|migrate|plan|review|sandbox|tests|upstream)/' },
    },
    {
      name: 'no-site-is-built-in',
      comment:
        'sites are found by the name of their folder (environments/load.ts), so that a fork changes its own folder and nothing else.',
      severity: 'error',
      from: { pathNot: ['^environments/[^/]+/', '^tests/'] },
      to: { path: '^environments/[^/]+/' },
    },
    {
      name: 'environments-lean-on-the-plan-in-one-place',
      comment:
        'only environments/load.ts and rehearsal.ts know the plan: the types and schemas of a site stay free of how it is deployed.',
      severity: 'error',
      from: { path: '^environments/[^/]+\\.ts$', pathNot: '^environments/(load|rehearsal)\\.ts$' },
      to: { path: '^plan/' },
    },
    {
      name: 'environments-know-no-tool',
      comment: 'environments/ is read by cli, deploy, sandbox and tests, and imports none of them.',
      severity: 'error',
      from: { path: '^environments/' },
      to: { path: '^(bench|cli|deploy|migrate|review|sandbox|tests|upstream)/' },
    },
    {
      name: 'nothing-needs-a-test',
      comment:
        'what ships must run without tests/ and bench/. A helper that both need moves to the room that it is about.',
      severity: 'error',
      from: { pathNot: '^(tests|bench)/' },
      to: { path: '^(tests|bench)/' },
    },
    {
      name: 'only-deploy-knows-pulumi',
      comment:
        'Pulumi and its wire format are how we deploy, not what we describe: everything else reads the plan.',
      severity: 'error',
      from: { pathNot: ['^deploy/', '^tests/(deploy|integration)/', '^bench/'] },
      to: { path: PACKAGE('@pulumi/[^/]+|google-protobuf') },
    },
    {
      name: 'only-descriptions-and-the-plan-know-cdk8s',
      comment:
        'cdk8s builds the tree. Once there is a plan, nobody needs the tree: read PlannedObject instead.',
      severity: 'error',
      from: { pathNot: '^(constructs|stacks|environments|plan|tests|bench)/' },
      to: { path: PACKAGE('cdk8s|cdk8s-plus-[0-9]+|constructs') },
    },
    {
      name: 'descriptions-touch-nothing',
      comment:
        'constructs, stacks, plan and review compute: the same input gives the same bytes on every machine. Only ' +
        'constructs/kit/upstream.ts reads, and only files pinned by checksum; review may read files, too.',
      severity: 'error',
      from: { path: '^(constructs|stacks|plan)/', pathNot: '^constructs/kit/upstream\\.ts$' },
      to: { path: [CORE_IO, PACKAGE('execa|undici|@kubernetes/client-node')] },
    },
    {
      name: 'reading-is-all-that-touches-the-machine',
      comment:
        'pinned files, environments and reviews are read from disk: they start no process and call no server.',
      severity: 'error',
      from: { path: '^constructs/kit/upstream\\.ts$|^environments/|^review/' },
      to: {
        path: [CORE_IO, PACKAGE('execa|undici|@kubernetes/client-node')],
        pathNot: '^(node:)?fs(/promises)?$',
      },
    },
    {
      name: 'processes-are-started-where-they-are-minded',
      comment:
        'whoever starts a process must also end it, so few places do: the engine, the toolchain and the control plane, and doctor.',
      severity: 'error',
      from: {
        pathNot:
          '^(sandbox|upstream|tests|bench)/|^deploy/engine\\.ts$|^cli/(doctor|git|base)\\.ts$',
      },
      to: { path: ['^(node:)?child_process$', PACKAGE('execa')] },
    },
    {
      name: 'no-barrels',
      comment:
        'import from the file that has it: an index hides who needs what and makes circles. Only a site has an index.ts, its entry.',
      severity: 'error',
      from: {},
      to: {
        path: '(^|/)index\\.(ts|cjs)$',
        pathNot: ['node_modules/', '^environments/[^/]+/index\\.ts$'],
      },
    },
    {
      name: 'no-circles',
      comment:
        'files that need each other are one file, or have a third one in them: find what both need and give it a file and a name.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'nothing imports this file and it imports nothing: it is left over, delete it.',
      severity: 'error',
      from: { orphan: true, pathNot: ['^tests/', '\\.(cjs|mjs)$'] },
      to: {},
    },
    {
      name: 'everything-is-used',
      comment:
        'no command, program, site or test reaches this file: it is left over, delete it or test it.',
      severity: 'error',
      from: { path: [ENTRIES, '^(tests|bench)/'] },
      to: {
        path: '^(cli|constructs|deploy|environments|migrate|plan|review|sandbox|stacks|upstream)/',
        pathNot: ENTRIES,
        reachable: false,
      },
    },
    {
      name: 'no-undeclared-packages',
      comment:
        'the package comes with another one by accident: add it to package.json with an exact version, or use what is there.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-development-packages-in-what-ships',
      comment:
        'devDependencies are for tests and checks. Types alone may come from them, since they are gone when the code runs.',
      severity: 'error',
      from: { pathNot: '^(tests|bench)/|^[^/]+$' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'nothing-unresolvable',
      comment:
        'there is no such file or package: check the spelling, or add the package with an exact version.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(tools|\\.beamline|coverage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['require', 'node', 'import', 'types', 'default'],
      extensions: ['.ts', '.cjs', '.mjs', '.js', '.json', '.d.ts'],
    },
  },
};
