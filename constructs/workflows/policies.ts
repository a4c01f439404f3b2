import type { Construct } from 'constructs';
import type {
  NetworkPolicyIngressRule,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from 'kubernetes-types/networking/v1';

import { labelsOf } from '../kit/labels';
import { podsMadeBy } from '../kit/made-elsewhere';
import { allow, API_SERVER, inNamespace, podsOf, type Traffic } from '../kit/network';
import { kubeObject } from '../kit/objects';
import { DASK_PODS, DASK_PORTS } from './dask';
import { POOLER_PORT } from './database-access';
import type { ReanaComponent, ReanaSite } from './reana-site';

/** Labels that REANA gives the pods it makes, with the workflow as value. */
const RUNS = 'reana-run-batch-workflow-uuid';
const JOBS = 'reana-run-job-workflow-uuid';
const NOTEBOOKS = 'reana-run-session-workflow-uuid';

const podsWith = (label: string, namespace?: string): NetworkPolicyPeer => ({
  podSelector: { matchExpressions: [{ key: label, operator: 'Exists' }] },
  ...(namespace === undefined ? {} : inNamespace(namespace)),
});

/** Opens, on top of a namespace that denies everything, what REANA's programs and runs say to each other and to the world. */
export function addPolicies(scope: Construct, site: ReanaSite, runs: Construct): void {
  for (const [component, { from, to }] of conversations(site)) {
    allow(scope, `Allow-${component}`, {
      name: site.nameOf(component),
      part: site.part(component),
      from,
      to,
    });
  }
  addRunPolicy(runs, site);
}

type Conversation = readonly [
  ReanaComponent,
  { readonly from: readonly Traffic[]; readonly to: readonly Traffic[] },
];

function conversations(site: ReanaSite): Conversation[] {
  const pods = (component: ReanaComponent): NetworkPolicyPeer => podsOf(site.part(component));
  const to = (component: ReanaComponent, port: number): Traffic => ({
    peers: [pods(component)],
    ports: [port],
  });
  const from = (port: number, ...peers: NetworkPolicyPeer[]): Traffic => ({ peers, ports: [port] });
  const data = [databaseTraffic(site), to('message-broker', 5672)];
  const direct: ReanaComponent[] = [
    'setup',
    ...(site.backup === undefined ? [] : (['backup'] as const)),
  ];
  const chores: ReanaComponent[] = [
    'setup',
    'retention',
    'quota',
    ...(site.mail === undefined ? [] : (['status'] as const)),
    ...(site.sessions === undefined ? [] : (['sessions'] as const)),
  ];
  const everybody = [
    ...(['server', 'workflow-controller', ...chores] as const).map(pods),
    podsWith(RUNS, site.apart?.runs),
  ];
  const mail: Traffic[] =
    site.mail === undefined ? [] : [{ peers: 'anyone', ports: [site.mail.port] }];
  const gitlab: Traffic[] = site.gitlab === undefined ? [] : [{ peers: 'anyone', ports: [443] }];
  return [
    [
      'server',
      {
        from: [],
        to: [
          ...data,
          to('cache', 6379),
          to('workflow-controller', 5000),
          API_SERVER,
          ...mail,
          ...gitlab,
        ],
      },
    ],
    [
      'workflow-controller',
      {
        from: [from(5000, pods('server'), ...(site.sessions ? [pods('sessions')] : []))],
        to: [
          ...data,
          API_SERVER,
          { peers: [podsWith(RUNS, site.apart?.runs)], ports: [5000] },
          ...gitlab,
        ],
      },
    ],
    ['cache', { from: [from(6379, pods('server'))], to: [] }],
    ['message-broker', { from: [from(5672, ...everybody)], to: [] }],
    ...databaseConversations(site, direct, [
      ...everybody,
      ...(site.dask === undefined ? [] : [pods('dask-operator')]),
    ]),
    ...(site.dask === undefined ? [] : [daskConversation(site)]),
    ...chores
      .filter((component) => component !== 'setup')
      .map((component): Conversation => [
        component,
        { from: [], to: choreTraffic(site, component, data, mail) },
      ]),
    ['setup', { from: [], to: [serverTraffic(site), to('message-broker', 5672)] }],
  ];
}

/** The operator asks a scheduler how many workers it wants, and keeps the logs of its pods in the database. */
function daskConversation(site: ReanaSite): Conversation {
  const clusters = [podsWith(DASK_PODS, site.apart?.runs)];
  return [
    'dask-operator',
    {
      from: [],
      to: [
        databaseTraffic(site),
        API_SERVER,
        { peers: clusters, ports: [DASK_PORTS.scheduler, DASK_PORTS.dashboard] },
      ],
    },
  ];
}

function choreTraffic(
  site: ReanaSite,
  component: ReanaComponent,
  data: readonly Traffic[],
  mail: readonly Traffic[],
): Traffic[] {
  switch (component) {
    case 'status':
      return [...data, ...mail, API_SERVER];
    case 'sessions':
      return [
        ...data,
        API_SERVER,
        { peers: [podsOf(site.part('workflow-controller'))], ports: [5000] },
      ];
    default:
      return [...data];
  }
}

/** Who speaks to the database, and to the pooler before it: then nobody but that, the setup and the dumps does. */
function databaseConversations(
  site: ReanaSite,
  direct: readonly ReanaComponent[],
  everybody: readonly NetworkPolicyPeer[],
): Conversation[] {
  const pods = (component: ReanaComponent): NetworkPolicyPeer => podsOf(site.part(component));
  const pooled = site.pooler !== undefined;
  const callers = pooled
    ? [...direct, 'pgbouncer' as const].map(pods)
    : [...everybody, ...direct.filter((one) => one !== 'setup').map(pods)];
  return [
    ...(site.props.database.kind === 'inside'
      ? ([['db', { from: [{ peers: callers, ports: [5432] }], to: [] }]] as const)
      : []),
    ...(pooled
      ? ([
          [
            'pgbouncer',
            { from: [{ peers: everybody, ports: [POOLER_PORT] }], to: [serverTraffic(site)] },
          ],
        ] as const)
      : []),
    ...(site.backup === undefined
      ? []
      : ([['backup', { from: [], to: [serverTraffic(site)] }]] as const)),
  ];
}

/** To the server itself. */
function serverTraffic(site: ReanaSite): Traffic {
  const { database } = site.props;
  return database.kind === 'inside'
    ? { peers: [podsOf(site.part('db'))], ports: [5432] }
    : { peers: 'anyone', ports: [database.port] };
}

function databaseTraffic(site: ReanaSite): Traffic {
  return site.pooler === undefined
    ? serverTraffic(site)
    : { peers: [podsOf(site.part('pgbouncer'))], ports: [POOLER_PORT] };
}

/** Runs, jobs and notebooks fetch data from anywhere; from outside they are closed, and to each other but for the clusters of Dask. */
function addRunPolicy(scope: Construct, site: ReanaSite): void {
  const part = site.part('workflow-controller');
  const tcp = (...ports: number[]): NetworkPolicyPort[] =>
    ports.map((port) => ({ port, protocol: 'TCP' }));
  const operator = podsOf(site.part('dask-operator'), site.apart?.programs);
  const dask: NetworkPolicyIngressRule[] = [
    { from: [podsWith(DASK_PODS)] },
    { from: [podsWith(JOBS)], ports: tcp(DASK_PORTS.scheduler) },
    { from: [operator], ports: tcp(DASK_PORTS.scheduler, DASK_PORTS.dashboard) },
  ];
  const runs = [{ from: [podsOf(part, site.apart?.programs)], ports: tcp(5000) }];
  for (const [what, label, ingress] of [
    ['runs', RUNS, runs],
    ['jobs', JOBS, undefined],
    ...(site.sessions === undefined ? [] : ([['notebooks', NOTEBOOKS, undefined]] as const)),
    ...(site.dask === undefined ? [] : ([['dask', DASK_PODS, dask]] as const)),
  ] as const) {
    const made = kubeObject(scope, `Allow-${what}`, 'NetworkPolicy', {
      metadata: { name: site.nameOf(what), labels: labelsOf(part) },
      spec: {
        podSelector: { matchExpressions: [{ key: label, operator: 'Exists' }] },
        policyTypes: [...(ingress === undefined ? [] : ['Ingress']), 'Egress'],
        ...(ingress === undefined ? {} : { ingress }),
        egress: [{}],
      },
    });
    podsMadeBy(made, 'reana-workflow-controller');
  }
}
