import Table from 'cli-table3';
import pc from 'picocolors';

import { plus, times, type Amounts } from '../review/capacity/amounts';
import type { Fit } from '../review/capacity/asked';
import type { Capacity, NamespaceRow, PoolRow, Range } from '../review/capacity/capacity';
import { heldText } from '../review/capacity/findings';
import { amountText } from '../review/capacity/words';
import type { CheckFinding } from '../review/check/finding';

/** The sums for a terminal: the nodes, who takes of them, how many sessions fit, and what is wrong. */
export function capacityText(sums: Capacity, findings: readonly CheckFinding[]): string {
  return [
    pc.bold(`What '${sums.environment}' needs`),
    'From-to: at the least, and with autoscalers at their end and all Jobs running.',
    '',
    ...(sums.pools === undefined ? [NO_NODES] : nodesText(sums.pools)),
    '',
    namespacesText(sums),
    ...(sums.sessions.length === 0
      ? []
      : [
          '',
          'How many of each fit beside that, if people ask for nothing else:',
          sessionsText(sums),
          ...askedText(sums),
        ]),
    ...(sums.unsized.length === 0
      ? []
      : ['', `Not in the sums, as they ask for no CPU or no memory: ${sums.unsized.join(', ')}`]),
    ...(findings.length === 0 ? [] : ['', ...findings.map(findingText)]),
    '',
  ].join('\n');
}

const NO_NODES =
  "The site declares no nodes, so nothing here says whether it fits: list them in 'cluster.nodes' " +
  '(name, count, cpu, memoryGiB; reserved, pods, devices and labels where they matter). DaemonSets are counted for one node.';

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({ head: [...head], style: { head: [], border: [], compact: true } });
  for (const row of rows) table.push([...row]);
  return table.toString();
}

function nodesText(pools: readonly PoolRow[]): string[] {
  const table = tableOf(
    [
      'nodes',
      'each has',
      'reserved',
      'for pods, all',
      'taken',
      'DaemonSets, each',
      'largest pod left',
    ],
    pools.map(({ name, count, capacity, reserved, allocatable, perNode, used, largest }) => [
      `${count} ${name}`,
      sizesText(capacity),
      sizesText(reserved),
      sizesText(times(allocatable, count)),
      rangesText(used),
      sizesText(perNode),
      rangesText(largest),
    ]),
  );
  const unreserved = pools.filter(({ reserved }) =>
    Object.values(reserved).every((amount) => amount === 0),
  );
  const names = unreserved.map(({ name }) => `'${name}'`).join(', ');
  return [
    table,
    ...(unreserved.length === 0
      ? []
      : [`${names}: nothing is reserved for kubelet and system ('reserved' says otherwise).`]),
  ];
}

function namespacesText({ namespaces }: Capacity): string {
  const total = (pick: (row: NamespaceRow) => Range): Range => ({
    least: namespaces.reduce<Amounts>((sum, row) => plus(sum, pick(row).least), {}),
    most: namespaces.reduce<Amounts>((sum, row) => plus(sum, pick(row).most), {}),
  });
  const lines = namespaces.map((row) => [
    [row.namespace, ...row.stacks.map((stack) => `  ${stack}`)].join('\n'),
    ...rangeCells(row.requests, row.limits),
    sizeText(row.nowAndThen),
    claimsText(row.claims),
    quotaText(row),
  ]);
  const requests = total((row) => row.requests);
  const limits = total((row) => row.limits);
  const claims = namespaces.reduce<Amounts>((sum, row) => plus(sum, row.claims), {});
  const jobs = namespaces.reduce<Amounts>((sum, row) => plus(sum, row.nowAndThen), {});
  return tableOf(
    ['namespace', 'pods', 'CPU', 'memory', 'memory limits', 'of it Jobs', 'claims', 'quota'],
    [...lines, ['total', ...rangeCells(requests, limits), sizeText(jobs), claimsText(claims), '']],
  );
}

function rangeCells(requests: Range, limits: Range): string[] {
  return [
    rangeText(requests, 'pods'),
    rangeText(requests, 'cpu'),
    rangeText(requests, 'memory'),
    rangeText(limits, 'memory'),
  ];
}

function sessionsText({ sessions }: Capacity): string {
  const fitText = ({ fit }: Fit): string => (fit === null ? '?' : String(fit));
  return tableOf(
    [
      'namespace',
      'pods',
      'asks for',
      'fit',
      'what ends first',
      'when others hold all',
      'on empty nodes',
    ],
    sessions.map(({ namespace, what, name, requests, least, most, crowded, onEmptyNodes }) => [
      namespace,
      `${what} ${name}`,
      sizesText(requests),
      least.fit === most.fit ? fitText(least) : `${fitText(most)} to ${fitText(least)}`,
      [...new Set([most.limit, least.limit])].filter((limit) => limit !== '').join('\n') ||
        'no nodes and no quota are known',
      fitText(crowded),
      onEmptyNodes === null ? '?' : String(onEmptyNodes),
    ]),
  );
}

/** What 'all' means in the table before. */
function askedText({ asked }: Capacity): string[] {
  return [
    "'All' is the most of the heaviest pods that quotas let in, however many people ask: who they are and what they start is in no plan.",
    ...asked.map((row) => `  ${heldText(row)}`),
  ];
}

function rangeText({ least, most }: Range, resource: string): string {
  const [from, to] = [least, most].map((sum) => amountText(resource, sum[resource] ?? 0));
  return from === to ? (from ?? '') : `${from ?? ''} - ${to ?? ''}`;
}

function rangesText(range: Range): string {
  const resources = Object.keys({ cpu: 0, memory: 0, ...range.most });
  return resources
    .filter((resource) => resource !== 'pods')
    .map((resource) => `${labelOf(resource)}${rangeText(range, resource)}`)
    .join('\n');
}

function sizesText(amounts: Amounts): string {
  const shown = { cpu: 0, memory: 0, ...amounts };
  return Object.entries(shown)
    .filter(([resource]) => resource !== 'pods')
    .map(([resource, amount]) => `${labelOf(resource)}${amountText(resource, amount)}`)
    .join('\n');
}

function sizeText(amounts: Amounts): string {
  return (amounts['pods'] ?? 0) === 0
    ? '-'
    : `${String(amounts['pods'])} pods\n${sizesText(amounts)}`;
}

function labelOf(resource: string): string {
  switch (resource) {
    case 'cpu':
      return 'cpu ';
    case 'memory':
      return '';
    default:
      return `${resource} `;
  }
}

function claimsText(claims: Amounts): string {
  const count = claims['persistentvolumeclaims'] ?? 0;
  if (count === 0) return '-';
  return `${count}: ${amountText('requests.storage', claims['requests.storage'] ?? 0)}`;
}

const OF_QUOTA = [
  'requests.cpu',
  'requests.memory',
  'pods',
  'requests.storage',
  'persistentvolumeclaims',
];

function quotaText({ quotas }: NamespaceRow): string {
  const lines = quotas.flatMap(({ hard }) =>
    OF_QUOTA.flatMap((name) => {
      const amount = hard[name];
      return amount === undefined ? [] : [`${SHORT[name] ?? name} ${amountText(name, amount)}`];
    }),
  );
  return lines.join('\n') || '-';
}

const SHORT: Readonly<Record<string, string>> = {
  'requests.cpu': 'cpu',
  'requests.memory': 'memory',
  'requests.storage': 'storage',
  persistentvolumeclaims: 'claims',
};

function findingText({ severity, rule, object, path, reason, fix }: CheckFinding): string {
  const colour = severity === 'error' ? pc.red : pc.yellow;
  return `${colour(severity)} ${rule}  ${object ?? path}\n    ${reason}\n    fix: ${fix}`;
}
