import { convert } from 'xmlbuilder2';
import { z } from 'zod';

import { frontendXml, proxiesIni } from '../../../constructs/batch/frontend-files';
import type { FrontendGroup, GlideinFrontendProps } from '../../../constructs/batch/frontend-props';
import { GlideinFrontend } from '../../../constructs/batch/glidein-frontend';
import type { RouteRequest, SecretRef } from '../../../constructs/contracts';
import { attachTarget, Target } from '../../../constructs/targets';
import { admissionOf } from '../../../review/admission/plan/admission-of';
import { admissionTable } from '../../../review/admission/plan/table';
import { GlideinStack } from '../../../stacks/glidein-stack';
import { houseRuleProblems } from '../../support/house-rules';
import { messageFrom } from '../../support/message';
import { planFrom } from '../../support/plan';
import { synth } from '../../support/synth';
import { storageClass } from './support';

const asked: RouteRequest[] = [];
const ref = (name: string): SecretRef => ({ name, key: 'value' });
const pair = (name: string) => ({ certificate: ref(`${name}-cert`), key: ref(`${name}-key`) });
const main: FrontendGroup = { name: 'main', sites: ['T1_US_FNAL', 'T2_US_Purdue'], running: 500 };
const frontend: GlideinFrontendProps = {
  name: 'Example-VO',
  image: 'registry.example.org/batch/vo-frontend:24.1',
  consent: 'the image starts as root; agreed by the site',
  vo: { name: 'cms', fqan: '/cms/Role=pilot', pilot: pair('pilot'), signer: pair('voms') },
  factories: [
    {
      name: 'factory.example.org',
      dn: '/DC=org/O=Example & Sons/CN=factory.example.org',
      identity: 'gfactory@factory.example.org',
      ours: 'cms@factory.example.org',
    },
  ],
  collectors: [{ name: 'cm.example.org:9618', dn: '/DC=org/CN=cm.example.org' }],
  schedds: [{ name: 'submit.example.org', dn: '/DC=org/CN=submit.example.org' }],
  proxy: { ...pair('frontend'), dn: '/DC=org/CN=frontend.example.org' },
  tokens: [ref('factory-token')],
  groups: [main],
  web: {
    host: 'glidein.example.org',
    ingress: { route: (request) => void asked.push(request), serves: () => true },
  },
  storage: { storageClass: storageClass('disk', 'ReadWriteOnce'), sizeGiB: 10 },
};

test.each(['okd 4.21', 'kubernetes 1.34'] as const)(
  'what it renders for %s follows the house rules but for what its consent is about',
  (target) => {
    const { objects, exceptions } = synth(GlideinFrontend, frontend, target);
    expect(objects.flatMap((object) => houseRuleProblems(object, exceptions))).toEqual([]);
    expect(exceptions.map(({ rule }) => rule).sort()).toEqual(
      expect.arrayContaining(['capabilities', 'non-root', 'read-only-root']),
    );
  },
);

test('the monitoring page is for the inside', () => {
  asked.length = 0;
  synth(GlideinFrontend, frontend, 'okd 4.21');
  expect(asked).toMatchObject([{ host: 'glidein.example.org', reach: 'internal' }]);
});

test('OKD admits its pod as anyuid, by the right of its own account', () => {
  const target = Target.parse('okd 4.21');
  const secrets = ['pilot-cert', 'pilot-key', 'voms-cert', 'voms-key', 'frontend-cert'];
  const provided = [
    '_/storageclass.storage.k8s.io/disk',
    ...[...secrets, 'frontend-key', 'factory-token'].map((name) => `glidein/secret/${name}`),
  ];
  const plan = planFrom(
    (app) => {
      attachTarget(app, target);
      new GlideinStack(app, 'glidein', frontend);
    },
    { target, provided },
  );
  const [, line = ''] = admissionTable(admissionOf(plan)).split('\n');
  expect(line.replaceAll(/ +/g, ' ')).toContain(
    'glidein-frontend anyuid serviceaccount baseline 0',
  );
});

/**
 * What a frontend.xml may hold: the elements, and the attributes of each, that GlideinWMS' own parser knows. Source: `creation/lib/cvWParams.py`
 * (init_defaults) and `cWParams.py` of github.com/glideinWMS/glideinwms, efdc530a56f6; `security` also takes what `build/packaging/rpm/frontend.xml`
 * names there.
 */
const KNOWN: Readonly<Record<string, string>> = {
  frontend:
    'advertise_delay advertise_with_multiple advertise_with_tcp downtimes_file enable_attribute_expansion frontend_monitor_index_page frontend_name frontend_versioning group_parallel_workers loop_delay restart_attempts restart_interval',
  process_log:
    'backup_count compression extension max_days max_mbytes min_days msg_types structured',
  match: 'match_expr start_expr policy_file',
  factory: 'query_expr',
  job: 'query_expr comment',
  collector: 'DN node factory_identity my_identity secondary group comment',
  schedd: 'DN fullname',
  monitor: 'base_dir flot_dir javascriptRRD_dir jquery_dir web_base_url',
  security:
    'classad_proxy proxy_DN proxy_selection_plugin security_name sym_key idtoken_lifetime idtoken_keyname',
  credential: 'absfname keyabsfname pilotabsfname type trust_domain security_class name generator',
  stage: 'base_dir use_symlink web_base_url',
  work: 'base_dir base_log_dir',
  attr: 'name glidein_publish job_publish parameter type value',
  group: 'name enabled',
  idle_glideins_per_entry: 'max reserve',
  idle_vms_per_entry: 'curb max',
  partitionable_glidein: 'min_memory',
  running_glideins_per_entry: 'max min relative_to_queue',
};
const CONTAINERS =
  'log_retention process_logs match_attrs collectors schedds credentials attrs groups config files';

test('frontend.xml has no element and no attribute that GlideinWMS does not know', () => {
  const unknown: string[] = [];
  const walk = (name: string, value: unknown): void => {
    if (Array.isArray(value)) {
      for (const each of value) walk(name, each);
      return;
    }
    const known = KNOWN[name];
    if (known === undefined && !CONTAINERS.split(' ').includes(name)) unknown.push(`<${name}>`);
    for (const [key, child] of Object.entries(z.record(z.string(), z.unknown()).parse(value))) {
      if (!key.startsWith('@')) walk(key, child);
      else if (!(known ?? '').split(' ').includes(key.slice(1))) unknown.push(`${name} ${key}`);
    }
  };
  const read = z.record(z.string(), z.unknown()).parse(parsed(frontendXml(frontend)));
  for (const [name, value] of Object.entries(read)) walk(name, value);
  expect(unknown).toEqual([]);
});

test('what a site writes is never markup', () => {
  const xml = frontendXml({
    ...frontend,
    groups: [{ ...main, jobs: 'Owner != "eve" && x < 1 || "<job>" == "a"' }],
  });
  expect(xml).toContain('O=Example &amp; Sons');
  expect(parsed(xml)).toMatchObject({
    frontend: {
      groups: {
        group: {
          '@name': 'main',
          match: {
            job: { '@query_expr': 'Owner != "eve" && x < 1 || "<job>" == "a"' },
            factory: {
              '@query_expr': '(GLIDEIN_Site =?= "T1_US_FNAL") || (GLIDEIN_Site =?= "T2_US_Purdue")',
            },
          },
        },
      },
    },
  });
});

test('pilots’ proxies say what they are, and no value is in a ConfigMap', () => {
  expect(proxiesIni(frontend)).toContain('fqan = /cms/Role=pilot\n');
  expect(JSON.stringify(synth(GlideinFrontend, frontend).one('ConfigMap'))).not.toContain('BEGIN');
});

const none = { name: '', key: '' };

test.each<[string, Partial<GlideinFrontendProps>, RegExp]>([
  ['no groups', { groups: [] }, /'groups' must have one at least, or nothing/],
  [
    'no entries',
    { groups: [{ ...main, sites: [] }] },
    /'main' must have entries to ask: name its 'sites', got none/,
  ],
  ['two groups of one name', { groups: [main, main] }, /different names, got 'main' twice/],
  [
    'no proxy',
    { proxy: { ...frontend.proxy, key: none } },
    /'proxy.key' must name a Secret .* no factory answers/,
  ],
  [
    'no proxy of pilots',
    { vo: { ...frontend.vo, pilot: { ...pair('p'), certificate: none } } },
    /'vo.pilot.certificate' must name/,
  ],
  [
    'another VO in the FQAN',
    { vo: { ...frontend.vo, fqan: '/atlas/Role=pilot' } },
    /'vo.fqan' must be .* got '\/atlas/,
  ],
  [
    'a FQAN without a slash',
    { vo: { ...frontend.vo, fqan: 'cms/Role=pilot' } },
    /'vo.fqan' must be/,
  ],
  [
    'a FQAN with a line break',
    { vo: { ...frontend.vo, fqan: '/cms\nx = y' } },
    /'vo.fqan' must be/,
  ],
  ['a VO in capitals', { vo: { ...frontend.vo, name: 'CMS' } }, /'vo.name' must be .* got 'CMS'/],
  ['no consent', { consent: '' }, /'consent' must say why/],
  ['a moving tag', { image: 'docker.io/x/vo-frontend:latest' }, /must have an exact tag/],
  ['no factory', { factories: [] }, /'factories' must have one at least/],
  ['no token', { tokens: [] }, /'tokens' must have one at least/],
  [
    'a subject that is none',
    { schedds: [{ name: 'a.b', dn: 'CN=x' }] },
    /'schedds' 'a.b' must have a subject/,
  ],
  ['a limit of nothing', { groups: [{ ...main, running: 0 }] }, /whole numbers from 1, got '0'/],
  [
    'a site that is an expression',
    { groups: [{ ...main, sites: ['x" || True'] }] },
    /by their GLIDEIN_Site/,
  ],
])('%s is refused', (_, props, message) => {
  expect(messageFrom(() => synth(GlideinFrontend, { ...frontend, ...props }))).toMatch(message);
});

/** The library leaves entities of attributes as they are. */
const ENTITIES = [
  ['&quot;', '\\"'],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&amp;', '&'],
] as const;

function parsed(xml: string): unknown {
  const text = ENTITIES.reduce(
    (all, [entity, character]) => all.replaceAll(entity, character),
    convert(xml, { format: 'json' }),
  );
  return JSON.parse(text);
}
